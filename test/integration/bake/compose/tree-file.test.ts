import { chmod, chown, link, lutimes, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packTree, placeBootFiles, unpackTree } from '../../../../src/bake/compose/tree-file.ts';
import { writeManifest } from '../../../../src/bake/seal/write-manifest.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();
const file = { name: 'x', size: 0, sha256: '0'.repeat(64) };
const head = { role: 'master', epoch: 0, compressionLevel: 3, boot: { kernel: file, initrd: file } } as const;

test('a tree is restored from its file unchanged: owners, modes, times, hard links, devices and capabilities', async () => {
  const folder = await temporaryFolder();
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'usr/bin'), { recursive: true });
  await mkdir(join(tree, 'empty'), { mode: 0o1777 });
  await writeFile(join(tree, 'usr/bin/ping'), 'ping');
  await link(join(tree, 'usr/bin/ping'), join(tree, 'usr/bin/pong'));
  await symlink('ping', join(tree, 'usr/bin/a link'));
  await writeFile(join(tree, 'secret'), '', { mode: 0o600 });
  await chown(join(tree, 'secret'), 33, 44);
  await chmod(join(tree, 'usr/bin/ping'), 0o4755);
  await host.run('setcap', ['cap_net_raw+ep', join(tree, 'usr/bin/ping')]);
  await host.run('mknod', [join(tree, 'null'), 'c', '1', '3']);
  for (const path of ['usr/bin/ping', 'usr/bin/a link', 'secret', 'usr/bin', ''])
    await lutimes(join(tree, path), 1_234_567_890, 1_234_567_890);

  const options = { workFolder: folder, logFolder: folder };
  await packTree(host, { tree, file: join(folder, 'tree.squashfs'), log: 'pack.log' }, options);
  const again = join(folder, 'in', 'a new folder', 'again');
  await unpackTree(host, join(folder, 'tree.squashfs'), again, options);
  const before = await writeManifest(host, tree, { head, file: join(folder, 'before.json') });
  const after = await writeManifest(host, again, { head, file: join(folder, 'after.json') });
  expect(before.paths).toBe(9);
  expect(after).toEqual(before);
});

test('kernel and initrd, which are next to the file of a tree, are restored under their names', async () => {
  const folder = await temporaryFolder();
  const tree = join(folder, 'tree');
  await mkdir(tree);
  await writeFile(join(folder, 'vmlinuz'), 'kernel');
  await placeBootFiles(tree, [{ name: 'vmlinuz-6.1', file: join(folder, 'vmlinuz') }]);
  expect((await stat(join(tree, 'boot/vmlinuz-6.1'))).size).toBe(6);
});
