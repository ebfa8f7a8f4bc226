import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTree } from '../../../src/compose/in-tree.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

/** A tree as far as its surroundings go, with what an earlier run left in it. */
async function bareTree() {
  const folder = await temporaryFolder();
  const tree = join(folder, 'tree');
  for (const name of ['dev', 'etc', 'proc', 'run/lock', 'run/left', 'sys', 'tmp/left', 'usr/sbin', 'var/log'])
    await mkdir(join(tree, name), { recursive: true });
  for (const name of ['dev/null', 'usr/sbin/start-stop-daemon', 'var/log/dpkg.log'])
    await writeFile(join(tree, name), '');
  await writeFile(join(tree, 'etc/machine-id'), '0123456789abcdef\n');
  const said: string[] = [];
  const options = { workFolder: folder, logFolder: folder, onLine: (line: string) => said.push(line) };
  const run = (...script: string[]) =>
    inTree(makeHost(), tree, script, ['an argument'], 1_700_000_000, join(folder, 'log'), options);
  return { tree, said, run };
}

test('what runs in a tree has devices, /proc and /sys, the date of the build, and nothing that starts a service', async () => {
  const { said, run } = await bareTree();
  await run(
    '[ -c "$tree/dev/null" ] && echo "a device"',
    '[ -e "$tree/proc/1/status" ] && [ -d "$tree/sys/kernel" ] && echo "proc and sys"',
    '"$tree/usr/sbin/policy-rc.d" || echo "policy $?"',
    '"$tree/usr/sbin/start-stop-daemon" --start && echo "no daemon"',
    'echo "$2 $SOURCE_DATE_EPOCH $LC_ALL"',
  );
  expect(said).toEqual([
    ...['a device', 'proc and sys', 'policy 101', 'no daemon', 'an argument 1700000000 C.UTF-8'],
  ]);
});

test('it reaches no network', async () => {
  const { said, run } = await bareTree();
  await run('cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d " "');
  expect(said).toEqual(['lo']);
});

test('nothing of it is left: no mount, no process, no file of the run', async () => {
  const { tree, run } = await bareTree();
  await run('sleep 4711 & :');
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(tree);
  const lines = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  expect(lines.filter((line) => line.startsWith('sleep\x004711'))).toEqual([]);
  expect(await readFile(join(tree, 'etc/machine-id'), 'utf8')).toBe('');
  expect(await readdir(join(tree, 'run'))).toEqual(['lock']);
  expect(await readdir(join(tree, 'tmp'))).toEqual([]);
  for (const path of ['usr/sbin/policy-rc.d', 'var/log/dpkg.log'])
    expect(existsSync(join(tree, path))).toBe(false);
});

test('a script that fails is named with its last lines, and its mounts are gone too', async () => {
  const { tree, run } = await bareTree();
  const error = await rejection(run('echo "this went wrong"', 'exit 7'));
  expect(error.code).toBe('command-failed');
  expect(error.excerpt).toEqual(['this went wrong']);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(tree);
});
