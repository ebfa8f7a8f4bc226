import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkTree } from '../../../../src/bake/compose/check-tree.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();

async function smallTree() {
  const folder = await temporaryFolder();
  const tree = join(folder, 'tree');
  for (const name of ['var/lib/dpkg/info', 'var/cache/debconf', 'var/log/journal', 'srv/a b'])
    await mkdir(join(tree, name), { recursive: true });
  const said: string[] = [];
  const options = { workFolder: folder, logFolder: folder, onLine: (line: string) => said.push(line) };
  return { folder, tree, said, judge: () => checkTree(host, tree, options) };
}

/** setfacl(1) without setfacl: entries are tag, permissions, id. */
async function setList(path: string, kind: 'access' | 'default', entries: readonly number[][]) {
  const value = Buffer.alloc(4 + 8 * entries.length);
  value.writeUInt32LE(2, 0);
  entries.forEach(([tag = 0, rights = 0, id = 0xffff_ffff], index) => {
    value.writeUInt16LE(tag, 4 + 8 * index);
    value.writeUInt16LE(rights, 6 + 8 * index);
    value.writeUInt32LE(id, 8 + 8 * index);
  });
  await host.run('setfattr', ['-n', `system.posix_acl_${kind}`, '-v', `0x${value.toString('hex')}`, path]);
}
// Owner rw-, user 33 rw-, group ---, mask rw-, others ---.
const wide = [
  [1, 6],
  [2, 6, 33],
  [4, 0],
  [16, 6],
  [32, 0],
];

test('a file loses its access-control list, its group does not get the permissions of the mask, and a line reports it', async () => {
  const { tree, said, judge } = await smallTree();
  const file = join(tree, 'srv/a b/sécret');
  await writeFile(file, '', { mode: 0o600 });
  await setList(file, 'access', wide);
  expect((await stat(file)).mode & 0o777).toBe(0o660);
  await judge();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const line =
    '/srv/a b/sécret has lost its access-control list, which an image cannot hold: its mode is 0600, user 33 (rw-) lose what it gave them';
  expect(said).toEqual([`ingot: ${line}`]);
  expect(await readFile(join(tree, '.ingot-changes'), 'utf8')).toBe(`${line}\n`);
  expect((await host.run('getfattr', ['-m', '-', '-d', '--absolute-names', file])).stdout).toBe('');
});

test('a default list is refused with its folder, except that of the journal, which is set at each boot', async () => {
  const { tree, said, judge } = await smallTree();
  await setList(join(tree, 'var/log/journal'), 'default', wide);
  await judge();
  expect(said).toEqual([
    'ingot: /var/log/journal has lost its default access-control list; systemd-tmpfiles sets it at boot',
  ]);
  await setList(join(tree, 'srv/a b'), 'default', wide);
  expect((await rejection(judge())).message).toContain('which an image cannot hold: /srv/a b');
});

test('notes are not written through a link in the tree', async () => {
  const { folder, tree, judge } = await smallTree();
  const victim = join(folder, 'victim');
  await writeFile(victim, 'of the host');
  await symlink(victim, join(tree, '.ingot-changes'));
  await writeFile(join(tree, 'file'), '');
  await setList(join(tree, 'file'), 'access', wide);
  await expect(judge()).rejects.toThrow('ELOOP');
  expect(await readFile(victim, 'utf8')).toBe('of the host');
});

test('a file name that is not UTF-8 is refused and its package is named', async () => {
  const { tree, judge } = await smallTree();
  await writeFile(join(tree, 'var/lib/dpkg/info/good.list'), '/.\n/usr/share/é\n');
  await judge();
  const bytes = Buffer.from('/.\n/usr/share/caf\xe9\n', 'latin1');
  await writeFile(join(tree, 'var/lib/dpkg/info/vendor-latin1:amd64.list'), bytes);
  expect((await rejection(judge())).message).toBe(
    String.raw`the package vendor-latin1 has a file whose name is not UTF-8: /usr/share/caf\xe9`,
  );
});

test('a password that debconf keeps is refused and its question is named', async () => {
  const { tree, judge } = await smallTree();
  const file = join(tree, 'var/cache/debconf/passwords.dat');
  await writeFile(file, 'Name: vendor/password\nTemplate: vendor/password\nValue: \nOwners: vendor\n');
  await judge();
  await writeFile(file, 'Name: vendor/empty\nTemplate: a\n\nName: vendor/password\nValue: secret\n');
  const error = await rejection(judge());
  expect(error.message).toBe('debconf keeps a password in the image: the answer to vendor/password');
});
