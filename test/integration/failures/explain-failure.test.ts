import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../src/cli/explain-failure.ts';
import { failedCommand } from '../../../src/cli/failed-command.ts';
import { noteStages, withLogs } from '../../../src/host/failure-notes.ts';
import { type ErrorText, IngotError } from '../../../src/host/ingot-error.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

const project = join(import.meta.dirname, '../../..');

interface Failing {
  readonly args?: readonly string[];
  readonly stages?: readonly string[];
  /** The logs of its run by name. */
  readonly logs?: Readonly<Record<string, string>>;
}

/** What a command prints that fails with an error, and the folder of its logs. */
async function failing(text: ErrorText, { args, stages, logs }: Failing = {}) {
  const cwd = await temporaryFolder();
  const folder = join(cwd, 'out/runs/20261130T063105Z-IPBMWu/logs');
  const error = new IngotError(text);
  if (stages !== undefined) noteStages(error, stages);
  if (logs !== undefined) {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(logs)) await writeFile(join(folder, name), content);
    withLogs(error, folder);
  }
  const { world, out, err } = fakeWorld({ cwd });
  const command = await failedCommand(world, args ?? ['bake', 'cluster.yaml']);
  const show = () => explainFailure(world, command, { error, thrown: error, colour: false });
  return { screen: await show(), show, folder, printed: () => out() + err() };
}

const silent: ErrorText = {
  code: 'node-failed',
  message: 'slave: ssh did not come up',
  excerpt: ['nothing of use'],
};

describe('a command that failed', () => {
  it('says where, why and what to run again, and keeps everything in the logs of its run', async () => {
    const console =
      '\x1b[2JSeaBIOS (version 1.16.2)\r\nBooting from Hard Disk...\r\n\r\nNo bootable device.\r\n';
    const { screen, folder, printed } = await failing(silent, {
      stages: ['verify'],
      logs: {
        'console-verify-slave.log': console,
        'console-verify-master.log': 'Kernel panic - not syncing: x\n',
      },
    });
    expect(screen).toContain('ingot: slave: ssh did not come up\n  failed at: verify\n');
    expect(screen).toContain(`  ${folder}/console-verify-slave.log:\n`);
    expect(screen).toContain('    No bootable device.\n');
    expect(screen).toContain(
      `known failure: no-bootable-disk (${project}/docs/troubleshooting.md#no-bootable-disk)\n`,
    );
    expect(screen).toContain('  again: ingot bake cluster.yaml   (finished stages come from the cache)\n');
    expect(screen).toContain(`  logs: ${folder}\n`);
    expect(screen).toContain('  to report it: ingot report cluster.yaml --bundle report.tar.gz\n');
    expect(screen).not.toContain('panic');
    expect(printed()).toBe('');
    expect(await readFile(join(folder, 'failure.txt'), 'utf8')).toContain('No bootable device.');
    expect(JSON.parse(await readFile(join(folder, 'failure.json'), 'utf8'))).toMatchObject({
      ...{ format: 1, code: 'node-failed', exit: 1, known: 'no-bootable-disk', stages: ['verify'] },
      ...{ command: ['ingot', 'bake', 'cluster.yaml'], again: 'ingot bake cluster.yaml' },
    });
  });

  it('does not take the cause from a log of another stage', async () => {
    const logs = { 'console-verify-slave.log': 'No bootable device.\n' };
    const { screen } = await failing(
      { ...silent, code: 'command-failed' },
      { stages: ['compose', 'slave'], logs },
    );
    expect(screen).not.toContain('known failure');
    expect(screen).toContain('failed at: compose > slave');
  });

  it('shows all lines if its logs cannot be written any more', async () => {
    const excerpt = Array.from({ length: 200 }, (_, at) => `line ${at}`);
    const { screen, show, folder } = await failing({ ...silent, excerpt }, { stages: ['verify'], logs: {} });
    expect(screen).not.toContain('  line 0\n');
    expect(screen).toContain(`more lines: ${folder}/failure.txt)`);
    await rm(folder, { recursive: true });
    const all = await show();
    expect(all).toContain('  line 0\n');
    expect(all).not.toContain('more lines');
  });

  it('keeps no secret in its logs', async () => {
    const excerpt = ['curl https://u:Xk7fQ2mPz9@example.org', 'password: Xk7fQ2mPz9'];
    const { folder } = await failing({ ...silent, excerpt }, { stages: ['verify'], logs: {} });
    for (const name of await readdir(folder))
      expect(await readFile(join(folder, name), 'utf8')).not.toContain('Xk7fQ2mPz9');
  });

  it('that was interrupted, or was typed wrong, says only that', async () => {
    const interrupted = await failing(
      { code: 'interrupted', message: 'interrupted by SIGINT' },
      { logs: {} },
    );
    expect(interrupted.screen).toBe('ingot: interrupted by SIGINT\n  code: interrupted\n');
    const wrong = await failing(
      { code: 'wrong-usage', message: '--x is wrong' },
      { args: ['bake', '--nonsense'] },
    );
    expect(wrong.screen).toBe('ingot: --x is wrong\n  code: wrong-usage\n');
    expect(wrong.printed()).toBe('');
  });
});
