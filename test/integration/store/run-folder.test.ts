import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { closeRunFolder, openRunFolder } from '../../../src/store/run-folder.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const host = makeHost();

/**
 * The leftovers of a bake that was killed with KILL: a process id that no longer exists, trees, something staged, and
 * logs.
 */
async function killedRun(out: string, name: string, owner = '999999999 1') {
  const run = join(out, 'runs', name);
  for (const folder of ['work/tree/etc', 'staged/master', 'logs'])
    await mkdir(join(run, folder), { recursive: true });
  await writeFile(join(run, 'owner'), `${owner}\n`);
  await writeFile(join(run, 'work/tree/etc/file'), 'tree');
  await writeFile(join(run, 'logs/packer.log'), 'what happened\n');
  return run;
}

describe('the folder of a run', () => {
  test('is new, named by its time, and keeps only its logs when it is closed', async () => {
    const out = join(await temporaryFolder(), 'out');
    const fixed = { ...host, now: () => Date.UTC(2026, 10, 22, 12, 30, 45) };
    const run = await openRunFolder(fixed, out);
    expect(run.path).toMatch(/\/runs\/20261122T123045Z-\w+$/);
    expect((await readdir(run.path)).sort()).toEqual(['logs', 'owner', 'staged', 'work']);
    await writeFile(join(run.logs, 'log'), '');
    await mkdir(join(run.work, 'tree'));
    await closeRunFolder(host, run);
    expect(await readdir(run.path, { recursive: true })).toEqual(['logs', 'logs/log']);
  });

  test('of a killed bake is cleaned up by the next one, and its logs are kept', async () => {
    const out = await temporaryFolder();
    const killed = await killedRun(out, '20261101T000000Z-killed');
    const reused = await killedRun(out, '20261102T000000Z-reused', `${process.pid} 1`); // our id, another start time
    await openRunFolder(host, out);
    for (const run of [killed, reused]) {
      expect(existsSync(join(run, 'work'))).toBe(false);
      expect(existsSync(join(run, 'staged'))).toBe(false);
      expect(await readFile(join(run, 'logs/packer.log'), 'utf8')).toBe('what happened\n');
    }
  });

  test('of a running bake is not touched', async () => {
    const out = await temporaryFolder();
    const living = await openRunFolder(host, out);
    await writeFile(join(living.work, 'disk'), '');
    await openRunFolder(host, out);
    expect(existsSync(join(living.work, 'disk'))).toBe(true);
    expect(existsSync(living.staged)).toBe(true);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'of a killed bake is unmounted first, so that the contents of its mounts are not deleted',
    async () => {
      const folder = await temporaryFolder();
      const precious = join(folder, 'precious');
      await mkdir(precious);
      await writeFile(join(precious, 'file'), '');
      await mkdir(join(folder, 'real out'));
      await symlink(join(folder, 'real out'), join(folder, 'out')); // mounts are listed by their real paths
      const killed = await killedRun(join(folder, 'out'), '20261101T000000Z-killed');
      await mkdir(join(killed, 'work/tree/dev'));
      await host.run('mount', ['--bind', precious, join(killed, 'work/tree/dev')]);
      await openRunFolder(host, join(folder, 'out'));
      expect(existsSync(join(precious, 'file'))).toBe(true);
      expect(existsSync(join(killed, 'work'))).toBe(false);
    },
  );

  test('of a killed bake has its remaining processes ended, and no others', async () => {
    const out = await temporaryFolder();
    const killed = await killedRun(out, '20261101T000000Z-killed');
    const tree = join(killed, 'work', 'tree');
    const script = 'while :; do sleep 0.2; done';
    const maker = await host.start('sh', ['-c', script, 'sh', tree + '/']);
    const person = await host.start('sh', ['-c', script, 'sh', tree + '/'], { env: { TERM: 'xterm' } });
    const reader = await host.start('tail', ['-f', join(killed, 'logs/packer.log')]);
    try {
      await openRunFolder(host, out);
      expect((await maker.ended).signal).toBe('SIGKILL');
      const others = [person.ended, reader.ended].map((ended) => ended.then(() => 'ended'));
      expect(await Promise.race([...others, Promise.resolve('both live')])).toBe('both live');
    } finally {
      await Promise.all([maker, person, reader].map((one) => one.end({ signal: 'SIGKILL' })));
    }
  });

  test('is kept for the ten newest runs; what is stored for the host stays', async () => {
    const out = await temporaryFolder();
    for (let day = 10; day < 25; day += 1) await killedRun(out, `202611${day}T000000Z-oldrun`);
    const memory = join(out, 'runs', 'accelerator-0123456789abcdef');
    await writeFile(memory, 'tcg');
    await writeFile(join(out, 'runs', '0-note'), 'mine');
    const run = await openRunFolder(host, out);
    const left = (await readdir(join(out, 'runs'))).filter((name) => name.endsWith('-oldrun'));
    expect(left.sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => `202611${15 + index}T000000Z-oldrun`),
    );
    expect(await readFile(memory, 'utf8')).toBe('tcg');
    expect(existsSync(join(out, 'runs', '0-note'))).toBe(true);
    expect(existsSync(run.work)).toBe(true);
  });

  describe('and folders that no run made', () => {
    const nameless = 'my-results';
    const put: [string, string, (out: string, name: string) => Promise<void>][] = [
      [
        'a folder with another name',
        nameless,
        async (out, name) => {
          await mkdir(join(out, 'runs', name, 'work'), { recursive: true });
        },
      ],
      [
        'a folder with the name of a run, and something else in it',
        '20260101T000000Z-abcdef',
        async (out, name) => {
          await killedRun(out, name);
          await writeFile(join(out, 'runs', name, 'notes.txt'), 'mine');
        },
      ],
      [
        'a folder with the name of a run, but without its logs',
        '20260101T000000Z-abcdef',
        async (out, name) => {
          await mkdir(join(out, 'runs', name, 'work'), { recursive: true });
        },
      ],
      [
        'a link to a folder that looks like a run',
        '20260101T000000Z-abcdef',
        async (out, name) => {
          const run = await killedRun(join(out, 'elsewhere'), name);
          await mkdir(join(out, 'runs'), { recursive: true });
          await symlink(run, join(out, 'runs', name));
        },
      ],
      [
        'a run whose trees are a link to elsewhere',
        '20260101T000000Z-abcdef',
        async (out, name) => {
          const run = await killedRun(out, name);
          await mkdir(join(out, 'elsewhere', 'precious'), { recursive: true });
          await rename(join(run, 'work'), join(out, 'was-work'));
          await symlink(join(out, 'elsewhere'), join(run, 'work'));
        },
      ],
    ];

    test.each(put)('%s is not touched, however many runs there are, and is named', async (_, name, make) => {
      const out = await temporaryFolder();
      await make(out, name);
      const before = (await readdir(out, { recursive: true })).filter((path) => !path.includes('oldrun'));
      for (let day = 10; day < 24; day += 1) await killedRun(out, `202611${day}T000000Z-oldrun`);
      const said: string[] = [];
      const run = await openRunFolder(host, out, (line) => said.push(line));
      await closeRunFolder(host, run);
      const after = await readdir(out, { recursive: true });
      expect(after).toEqual(expect.arrayContaining(before));
      expect(said).toEqual([
        expect.stringMatching(new RegExp(`^${join(out, 'runs', name)} is left alone: `)),
      ]);
      expect(after.filter((path) => path.endsWith('oldrun')).length).toBeLessThan(14);
    });

    test.skipIf(process.getuid?.() !== 0)('a run of somebody else is not touched', async () => {
      const out = await temporaryFolder();
      const theirs = await killedRun(out, '20260101T000000Z-abcdef');
      await chown(theirs, 65_534, 65_534);
      await openRunFolder(host, out);
      expect(existsSync(join(theirs, 'work/tree/etc/file'))).toBe(true);
    });
  });

  test('that has no owner yet is not touched: another process is just creating it', async () => {
    const out = await temporaryFolder();
    const run = await killedRun(out, '20261101T000000Z-begin');
    await rm(join(run, 'owner'));
    await openRunFolder(host, out);
    expect(existsSync(join(run, 'work/tree/etc/file'))).toBe(true);
  });
});
