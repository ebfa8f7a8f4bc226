import { attachCommand } from './attach/options.ts';
import { bakeCommand } from './bake/options.ts';
import { bootTestCommand } from './boot-test/options.ts';
import { bundleOpenCommand } from './bundle/open/options.ts';
import { bundleCommand } from './bundle/options.ts';
import { bundleVerifyCommand } from './bundle/verify/options.ts';
import { checkCommand } from './check/options.ts';
import { completionCommand } from './completion/options.ts';
import { consoleCommand } from './console/options.ts';
import { diffCommand } from './diff/options.ts';
import { doctorCommand } from './doctor/options.ts';
import { driftCommand } from './drift/options.ts';
import { gcCommand } from './gc/options.ts';
import { historyCommand } from './history/options.ts';
import { initCommand } from './init/options.ts';
import { keygenCommand } from './keygen/options.ts';
import { listCommand } from './list/options.ts';
import { lockCheckCommand } from './lock/check/options.ts';
import { lockExportCommand } from './lock/export/options.ts';
import { lockImportCommand } from './lock/import/options.ts';
import { lockCommand } from './lock/options.ts';
import { netbootCommand } from './netboot/options.ts';
import { netbootServeCommand } from './netboot/serve/options.ts';
import { nightlyCommand } from './nightly/options.ts';
import { pipelineCommand } from './pipeline/options.ts';
import { promoteCommand } from './promote/options.ts';
import { publishAmiCommand } from './publish/ami/options.ts';
import { publishCommand } from './publish/options.ts';
import { pullCommand } from './pull/options.ts';
import { type Entry, entry } from './record/command-record.ts';
import { rehearseCommand } from './rehearse/options.ts';
import { renderCommand } from './render/options.ts';
import { reportCommand } from './report/options.ts';
import { reproduceCommand } from './reproduce/options.ts';
import { revokeCommand } from './revoke/options.ts';
import { schemaCommand } from './schema/options.ts';
import { seedCommand } from './seed/options.ts';
import { setupCommand } from './setup/options.ts';
import { shellCommand } from './shell/options.ts';
import { showCommand } from './show/options.ts';
import { signCommand } from './sign/options.ts';
import { verifyCommand } from './verify/options.ts';

/**
 * All commands with their bodies, in the order in which the help lists them; a command comes before its subcommands.
 */
export const commands: readonly Entry[] = [
  entry(initCommand, async () => (await import('./init/run.ts')).init),
  entry(checkCommand, async () => (await import('./check/run.ts')).check),
  entry(renderCommand, async () => (await import('./render/run.ts')).render),
  entry(schemaCommand, async () => (await import('./schema/run.ts')).schema),
  entry(doctorCommand, async () => (await import('./doctor/run.ts')).doctor),
  entry(lockCommand, async () => (await import('./lock/run.ts')).lock),
  entry(lockCheckCommand, async () => (await import('./lock/check/run.ts')).checkLock),
  entry(lockExportCommand, async () => (await import('./lock/export/run.ts')).exportLockFile),
  entry(lockImportCommand, async () => (await import('./lock/import/run.ts')).importLockFile),
  entry(bakeCommand, async () => (await import('./bake/run.ts')).bake),
  entry(attachCommand, async () => (await import('./attach/run.ts')).attach),
  entry(consoleCommand, async () => (await import('./console/run.ts')).showConsole),
  entry(shellCommand, async () => (await import('./shell/run.ts')).shell),
  entry(gcCommand, async () => (await import('./gc/run.ts')).gc),
  entry(reportCommand, async () => (await import('./report/run.ts')).report),
  entry(verifyCommand, async () => (await import('./verify/run.ts')).verify),
  entry(bootTestCommand, async () => (await import('./boot-test/run.ts')).bootTest),
  entry(reproduceCommand, async () => (await import('./reproduce/run.ts')).reproduce),
  entry(rehearseCommand, async () => (await import('./rehearse/run.ts')).rehearse),
  entry(keygenCommand, async () => (await import('./keygen/run.ts')).keygen),
  entry(signCommand, async () => (await import('./sign/run.ts')).sign),
  entry(listCommand, async () => (await import('./list/run.ts')).listStore),
  entry(showCommand, async () => (await import('./show/run.ts')).show),
  entry(promoteCommand, async () => (await import('./promote/run.ts')).promoteVersions),
  entry(revokeCommand, async () => (await import('./revoke/run.ts')).revoke),
  entry(nightlyCommand, async () => (await import('./nightly/run.ts')).nightly),
  entry(publishCommand, async () => (await import('./publish/run.ts')).publish),
  entry(publishAmiCommand, async () => (await import('./publish/ami/run.ts')).publishAmis),
  entry(pullCommand, async () => (await import('./pull/run.ts')).pull),
  entry(pipelineCommand, async () => (await import('./pipeline/run.ts')).pipeline),
  entry(bundleCommand, async () => (await import('./bundle/run.ts')).bundle),
  entry(bundleVerifyCommand, async () => (await import('./bundle/verify/run.ts')).verifyBundle),
  entry(bundleOpenCommand, async () => (await import('./bundle/open/run.ts')).openBundle),
  entry(seedCommand, async () => (await import('./seed/run.ts')).seed),
  entry(netbootCommand, async () => (await import('./netboot/run.ts')).makeNetboot),
  entry(netbootServeCommand, async () => (await import('./netboot/serve/run.ts')).serveNetboot),
  entry(diffCommand, async () => (await import('./diff/run.ts')).diff),
  entry(historyCommand, async () => (await import('./history/run.ts')).history),
  entry(driftCommand, async () => (await import('./drift/run.ts')).drift),
  entry(setupCommand, async () => (await import('./setup/run.ts')).setup),
  // It prints what it completes, so it gets the records of all commands.
  entry(completionCommand, async () =>
    (await import('./completion/run.ts')).completionOf(commands.map(({ record }) => record)),
  ),
];
