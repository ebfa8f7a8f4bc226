import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInTree } from '../../../../src/bake/compose/run-in-tree.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { shellTree } from '../../../samples/shell-tree.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

/** A tree with only a shell around it, and leftovers of an earlier run. */
async function bareTree(more: readonly string[] = []) {
  const folder = await temporaryFolder();
  const tree = join(folder, 'work', 'tree');
  await shellTree(tree, more);
  for (const name of ['run/left', 'tmp/left']) await mkdir(join(tree, name), { recursive: true });
  for (const name of ['usr/sbin/start-stop-daemon', 'var/log/dpkg.log'])
    await writeFile(join(tree, name), '');
  await writeFile(join(tree, 'etc/machine-id'), '0123456789abcdef\n');
  const said: string[] = [];
  const options = { workFolder: folder, logFolder: folder, onLine: (line: string) => said.push(line) };
  const run = (...script: string[]) =>
    runInTree(
      makeHost(),
      tree,
      { script, args: ['an argument'], epoch: 1_700_000_000, log: join(folder, 'log') },
      options,
    );
  return { folder, tree, said, run };
}

test('a program in a tree has devices, /proc and /sys, the date of the build, and cannot start services', async () => {
  const { said, run } = await bareTree();
  await run(
    '[ -c /dev/null ] && echo "a device"',
    '[ -e /proc/1/status ] && [ -d /sys/kernel ] && echo "proc and sys"',
    '/usr/sbin/policy-rc.d || echo "policy $?"',
    '/usr/sbin/start-stop-daemon --start && echo "no daemon"',
    'echo "$1 $SOURCE_DATE_EPOCH $LC_ALL"',
  );
  expect(said).toEqual([
    ...['a device', 'proc and sys', 'policy 101', 'no daemon', 'an argument 1700000000 C.UTF-8'],
  ]);
});

test('it reaches no network', async () => {
  const { said, run } = await bareTree(['cut', 'tail', 'tr']);
  await run('cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d " "');
  expect(said).toEqual(['lo']);
});

test('nothing of it remains: no mount, no process, no file of the run', async () => {
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
  expect(await readdir(join(tree, 'dev'))).toEqual([]);
  for (const path of ['usr/sbin/policy-rc.d', 'var/log/dpkg.log'])
    expect(existsSync(join(tree, path))).toBe(false);
});

test('a script that fails is reported with its last lines, and its mounts are removed too', async () => {
  const { tree, run } = await bareTree();
  const error = await rejection(run('echo "this went wrong"', 'exit 7'));
  expect(error.code).toBe('command-failed');
  expect(error.excerpt).toEqual(['this went wrong']);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(tree);
});

test('root in a tree cannot write to /proc or /sys of the build host, mount them again, create a device, or leave the tree', async () => {
  const { said, run } = await bareTree(['mknod', 'chroot', 'umount', 'nsenter']);
  const before = readFileSync('/proc/sys/kernel/domainname', 'utf8');
  await run(
    'tries() { if ("$@") 2>/dev/null; then echo "it could: $*"; fi; }',
    'proc() { echo changed >/proc/sys/kernel/domainname; }',
    'sys() { echo 1 >/sys/kernel/uevent_seqnum || echo x >/sys/kernel/mm/transparent_hugepage/enabled; }',
    'tries proc',
    'tries sys',
    'tries mount -o remount,rw /proc',
    'tries mount -o remount,bind,rw /proc',
    'tries mount -t proc proc /tmp',
    'tries mount -t tmpfs tmpfs /tmp',
    'tries umount /proc',
    'tries mknod /tmp/disk b 254 0',
    'tries chroot /tmp /bin/sh',
    'tries nsenter --mount --target 1 true',
    'tries ls /proc/1/root/../work',
    'echo "end of the tries"',
  );
  expect(said).toEqual(['end of the tries']);
  expect(readFileSync('/proc/sys/kernel/domainname', 'utf8')).toBe(before);
});

test.each(['dev', 'proc', 'sys', 'run', 'tmp'])(
  'a tree whose /%s is a link to a folder of the build host is refused, and nothing is written there',
  async (name) => {
    const { folder, tree, run } = await bareTree();
    const victim = join(folder, 'victim');
    await mkdir(victim);
    await makeHost().run('rm', ['-r', join(tree, name)]);
    await symlink(victim, join(tree, name));
    const error = await rejection(run('true'));
    expect(error.excerpt).toEqual([`ingot: the tree is refused: /${name} is not a folder`]);
    expect(await readdir(victim)).toEqual([]);
  },
);

test('links in a tree lead only into the tree: policy-rc.d, logs and machine-id of the build host stay unchanged', async () => {
  const { folder, tree, run } = await bareTree();
  const victim = join(folder, 'victim');
  await mkdir(join(victim, 'sbin'), { recursive: true });
  for (const name of ['dpkg.log', 'machine-id', 'sbin/policy-rc.d'])
    await writeFile(join(victim, name), 'of the host');
  await makeHost().run('rm', ['-r', join(tree, 'usr/sbin'), join(tree, 'var/log'), join(tree, 'etc')]);
  await symlink(join(victim, 'sbin'), join(tree, 'usr/sbin'));
  await symlink(victim, join(tree, 'var/log'));
  await symlink('../'.repeat(12) + victim.slice(1), join(tree, 'etc'));
  // The folder does not exist in the tree: writing fails there instead of succeeding on the build host.
  await rejection(run('true'));
  for (const name of ['dpkg.log', 'machine-id', 'sbin/policy-rc.d'])
    expect(await readFile(join(victim, name), 'utf8')).toBe('of the host');
});
