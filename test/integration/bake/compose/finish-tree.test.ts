import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { finishTree } from '../../../../src/bake/compose/finish-tree.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import type { AllowedProgram } from '../../../../src/inputs/plan/allowed-programs.ts';
import type { PlacedFile } from '../../../../src/inputs/plan/plan.ts';
import { shellTree } from '../../../samples/shell-tree.ts';
import { sampleMaterial } from '../../../samples/stages.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const script = (...lines: string[]) => `#!/bin/sh\nset -eu\n${lines.join('\n')}\n`;

/** A small tree with installed packages, and a victim: a folder of the build host that links in the tree point to. */
async function packagesTree(setuid: readonly AllowedProgram[] = []) {
  const folder = await temporaryFolder();
  const tree = join(folder, 'work', 'tree');
  const victim = join(folder, 'victim');
  await shellTree(tree, ['sort']);
  for (const name of ['boot', 'var/lib/dpkg', 'etc/real', 'usr/lib/ingot'])
    await mkdir(join(tree, name), { recursive: true });
  await mkdir(join(victim, 'deep'), { recursive: true });
  await writeFile(join(victim, 'deep', 'kept'), 'of the host');
  await writeFile(join(tree, 'var/lib/dpkg/status'), '');
  await writeFile(join(tree, 'boot/vmlinuz-6.1'), '');
  for (const name of ['passwd', 'group'])
    await writeFile(join(tree, 'etc', name), 'root:x:0:0::/root:/bin/sh\n');
  await writeFile(join(tree, 'usr/sbin/update-initramfs'), script('touch /boot/initrd.img-6.1'));
  await chmod(join(tree, 'usr/sbin/update-initramfs'), 0o755);
  const layer = join(folder, 'rootfs');
  await mkdir(layer);
  const logs: string[] = [];
  const place = async (path: string, text: string) => {
    await mkdir(dirname(join(layer, path)), { recursive: true });
    await writeFile(join(layer, path), text, { mode: 0o755 });
  };
  const { plan } = sampleMaterial;
  const [first] = plan.roles;
  if (first === undefined) throw new Error('the sample has no role');
  const role = { ...first, layers: [layer], files: [], setuid };
  const finish = (files: readonly PlacedFile[] = []) =>
    finishTree(
      makeHost(),
      { plan, role, tree, files: () => files },
      {
        workFolder: join(folder, 'files'),
        logFolder: folder,
        onLine: (line) => logs.push(line),
      },
    );
  return { folder, tree, victim, place, finish, logs };
}
const file = (path: string): PlacedFile => ({ path, mode: '0644', content: 'of the spec\n' });

test('a file of the spec whose path goes through a link is written where the link leads within the tree', async () => {
  const { tree, finish } = await packagesTree();
  await mkdir(join(tree, 'usr/lib/ssl'), { recursive: true });
  await symlink('/etc/real', join(tree, 'usr/lib/ssl/certs'));
  await finish([file('/usr/lib/ssl/certs/ours.pem')]);
  expect(await readFile(join(tree, 'etc/real/ours.pem'), 'utf8')).toBe('of the spec\n');
});

test.each<[string, (victim: string) => string]>([
  ['an absolute link', (victim) => victim],
  ['a link with .. in its target', (victim) => '../'.repeat(15) + victim.slice(1)],
  ['a link to a link', () => 'first'],
])(
  'no file of the spec is written outside the tree through %s, at the end or in the middle of its path',
  async (_, to) => {
    const { tree, victim, finish } = await packagesTree();
    await symlink(victim, join(tree, 'etc/first'));
    await symlink(to(victim), join(tree, 'etc/out'));
    for (const path of ['/etc/out/new', '/etc/out/deep/kept', '/etc/out/deep/new/er'])
      await finish([file(path)]).catch(() => undefined);
    expect(await readdir(victim)).toEqual(['deep']);
    expect(await readdir(join(victim, 'deep'))).toEqual(['kept']);
    expect(await readFile(join(victim, 'deep/kept'), 'utf8')).toBe('of the host');
  },
);

test('compose.d writes nothing outside the tree, whatever it links to', async () => {
  const { victim, place, finish } = await packagesTree();
  await place(
    'usr/lib/ingot/compose.d/10-hostile',
    script(`ln -s '${victim}' /etc/x`, `echo 1 >/etc/x/new || :`),
  );
  await finish();
  expect(await readdir(victim)).toEqual(['deep']);
});

test('a program of the spec is listed among those that may keep their privileges, after those of images/', async () => {
  const { tree, place, finish } = await packagesTree([{ path: '/opt/a b', why: 'starts its sandbox' }]);
  await place('usr/lib/ingot/setuid-allowed', '/usr/bin/sudo\toperators\n');
  await writeFile(join(tree, '.ingot-changes'), 'what was changed before\n');
  await finish();
  expect(await readFile(join(tree, 'usr/lib/ingot/setuid-allowed'), 'utf8')).toBe(
    '/usr/bin/sudo\toperators\n/opt/a b\tstarts its sandbox\n',
  );
  expect(await readFile(join(tree, 'usr/lib/ingot/changes'), 'utf8')).toBe('what was changed before\n');
  expect(await readdir(tree)).not.toContain('.ingot-changes');
});

test('a user number that compose.d changed is found in the finished tree', async () => {
  const { place, finish } = await packagesTree();
  await place('usr/lib/sysusers.d/ingot.conf', 'u ops 990 "Operator" /home/ops /bin/bash\n');
  await place(
    'usr/lib/ingot/compose.d/20-users',
    script('echo "ops:x:991:990::/:/bin/sh" >>/etc/passwd', 'echo "ops:x:990:" >>/etc/group'),
  );
  expect((await rejection(finish())).message).toBe(
    'in the finished tree of the master: the user ops has the number 991; ingot needs it to be 990 (Operator)',
  );
});

test('a compose.d script that fails is named in the first line, with its own last output and the log', async () => {
  const { folder, place, finish } = await packagesTree();
  await place('usr/lib/ingot/compose.d/10-good', script('echo fine'));
  await place(
    'usr/lib/ingot/compose.d/20-bad',
    script('echo "so far"', 'echo "no such locale" >&2', 'exit 3'),
  );
  const error = await rejection(finish());
  expect(error.message).toBe('composing master: compose.d/20-bad failed: no such locale');
  expect(error.excerpt).toEqual(['so far', 'no such locale']);
  expect(error.hint).toBe(`its whole output: ${join(folder, 'compose-master-files.log')}`);
});

test('a failure to make the initrd or to place a file is reported in the same way', async () => {
  const { tree, finish } = await packagesTree();
  await writeFile(join(tree, 'usr/sbin/update-initramfs'), script('echo "no kernel 6.1" >&2', 'exit 1'));
  expect((await rejection(finish())).message).toBe(
    'composing master: update-initramfs, which makes the initrd, failed: no kernel 6.1',
  );
  await writeFile(join(tree, 'etc/plain'), '');
  const placing = 'composing master: putting the files of images/ and of the spec in place failed: ingot:';
  expect((await rejection(finish([file('/etc/plain/below')]))).message).toBe(
    `${placing} /etc/plain is not a folder in the tree: no file can be put below it`,
  );
  expect((await rejection(finish([file('/etc/real')]))).message).toBe(
    `${placing} /etc/real is a folder in the tree: no file can take its place`,
  );
});
