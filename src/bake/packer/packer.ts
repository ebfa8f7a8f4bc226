import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { truncateIfTooLarge } from '../../host/bounded-file.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { makeTemporaryFolder } from '../../host/temporary-folder.ts';
import { consoleTail } from '../../vm/guest-console.ts';
import { privateNetwork } from '../../vm/private-network.ts';
import { awaitEnd } from './await-end.ts';
import { bakeFailure, isComplete } from './bake-failure.ts';
import { BakeRecorder } from './bake-recorder.ts';
import type { BuildState } from './bake-state.ts';
import type { BakeEvent } from './events.ts';
import { type GuestActions, GuestWatch } from './guest-watch.ts';
import { packerEnvironment } from './packer-environment.ts';
import { makeRedact, type Redact } from './redact.ts';
import { roleOfBuild, runFiles } from './run-files.ts';

export interface PackerRun extends GuestActions {
  /** The rendered template. */
  readonly hclFile: string;
  /** Receives every log; created if it does not exist. Each bake needs a new one. */
  readonly runFolder: string;
  /** Each must leave an artifact: `<source type>.<role>`, e.g. `qemu.master`. */
  readonly expectedBuilds: readonly string[];
  /** Texts that must not appear in any line that is written or shown. */
  readonly secrets: readonly string[];
  readonly signal?: AbortSignal;
  /** Added to Packer's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The result of each build of a successful bake. */
export interface PackerOutcome {
  readonly seconds: number;
  readonly builds: Readonly<Record<string, BuildState>>;
}

const consoleEveryMs = 1000;
const consoleLines = 30;

/** Validates the template before anything runs; the error shows Packer's messages, without secrets. */
async function validate(
  host: Host,
  run: PackerRun,
  env: Record<string, string>,
  redact: Redact,
): Promise<void> {
  try {
    await host.run('packer', ['validate', run.hclFile], {
      cwd: run.runFolder,
      env: { ...env, PACKER_LOG: '' },
      ...(run.signal === undefined ? {} : { signal: run.signal }),
    });
  } catch (error) {
    if (!(error instanceof IngotError) || error.code !== 'command-failed') throw error;
    throw new IngotError({
      code: 'command-failed',
      message: `Packer does not accept the template ${run.hclFile}`,
      excerpt: error.excerpt.map(redact),
      ...(error.hint === undefined ? {} : { hint: redact(error.hint) }),
    });
  }
}

function interrupted(run: PackerRun): IngotError {
  const reason: unknown = run.signal?.reason;
  if (reason instanceof IngotError) return reason;
  return new IngotError({
    code: 'interrupted',
    message: 'the bake was interrupted; none of its processes is left',
    hint: `its logs are kept: ${runFiles.packerLog(run.runFolder)}, ${runFiles.events(run.runFolder)}`,
  });
}

/** Reports the last console line of every guest that does not answer yet, and limits the size of all consoles. */
async function watchConsoles(run: PackerRun, recorder: BakeRecorder): Promise<void> {
  for (const build of run.expectedBuilds)
    await truncateIfTooLarge(runFiles.console(run.runFolder, roleOfBuild(build))).catch(() => undefined);
  for (const build of recorder.booting()) {
    const [text] = await consoleTail(runFiles.console(run.runFolder, roleOfBuild(build)), 1);
    if (text !== undefined) recorder.console(build, text);
  }
}

async function readConsoles(run: PackerRun, redact: Redact): Promise<Record<string, string[]>> {
  const tails = run.expectedBuilds.map(async (build) => {
    const lines = await consoleTail(runFiles.console(run.runFolder, roleOfBuild(build)), consoleLines);
    return [build, lines.map(redact)] as const;
  });
  return Object.fromEntries(await Promise.all(tails));
}

/** Runs `packer build` to its end or until the signal; when it returns, none of its processes is left. */
async function build(
  host: Host,
  run: PackerRun,
  env: Record<string, string>,
  { recorder, guests }: { readonly recorder: BakeRecorder; readonly guests: GuestWatch },
) {
  const words = ['build', '-machine-readable', run.hclFile];
  // Packer accepts any host that answers at the forwarded port (it has no setting for a guest's host key).
  const network = await privateNetwork(host);
  const { program, args } = network?.start('packer', words) ?? { program: 'packer', args: words };
  const packer = await host.start(program, args, {
    cwd: run.runFolder,
    env,
    onLine: (line, stream) => {
      if (stream === 'stdout') recorder.row(line);
      else recorder.debug(line);
    },
  });
  guests.networkOf(network === undefined ? undefined : packer.pid);
  const timer = setInterval(() => void watchConsoles(run, recorder), consoleEveryMs);
  try {
    const marks = { folder: run.runFolder, temporary: env['TMPDIR'] ?? '' };
    return await awaitEnd(packer, marks, guests.endSignal(run.signal));
  } finally {
    clearInterval(timer);
  }
}

/**
 * Bakes: validates the template and runs `packer build` in a process group of its own. Reports every event as it
 * happens and writes it to `events.ndjson`; Packer's debug log goes to `packer.log`.
 *
 * One build's failure does not stop the others: both are reported.
 * @throws IngotError command-failed with the failed builds, their last output, the guest's console where it helps, and
 *   where the logs are
 * @throws IngotError step-failed, with the same, where a step of images/ failed
 * @throws IngotError interrupted after the signal, when no process is left (within 10 s)
 */
export async function runPacker(
  host: Host,
  given: PackerRun,
  onEvent: (event: BakeEvent) => void,
): Promise<PackerOutcome> {
  const run = { ...given, runFolder: resolve(given.runFolder), hclFile: resolve(given.hclFile) };
  const redact = makeRedact(run.secrets);
  await mkdir(run.runFolder, { recursive: true });
  const temporary = await makeTemporaryFolder(run.runFolder);
  const guests = new GuestWatch(run);
  const recorder = new BakeRecorder({
    host,
    redact,
    onEvent: (event) => {
      guests.see(event);
      onEvent(event);
    },
    builds: run.expectedBuilds,
    runFolder: run.runFolder,
  });
  let result: 'done' | 'failed' | 'interrupted' = 'failed';
  try {
    if (run.signal?.aborted === true) throw interrupted(run);
    const env = packerEnvironment(temporary.path, join(run.runFolder, 'packer-cache'), run.env);
    await validate(host, run, env, redact);
    const end = await build(host, run, env, { recorder, guests });
    if (end === 'aborted' && !guests.held) throw interrupted(run);
    const ended = end === 'aborted' ? { exitCode: undefined, signal: 'SIGINT' } : end;
    const { state, qemuLines } = recorder;
    if (ended.exitCode !== 0 || !isComplete(state)) {
      const consoles = await readConsoles(run, redact);
      throw bakeFailure({ state, runFolder: run.runFolder, ended, consoles, qemuLines });
    }
    result = 'done';
    return { seconds: recorder.seconds(), builds: state.builds };
  } catch (error) {
    // A guest that is kept after a failure is left with Ctrl-C: the failure is what happened.
    if (run.signal?.aborted !== true || guests.held) throw error;
    result = 'interrupted';
    throw interrupted(run);
  } finally {
    recorder.close(result);
    await temporary.remove();
  }
}
