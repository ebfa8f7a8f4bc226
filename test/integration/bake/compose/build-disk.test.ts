import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildDisk } from '../../../../src/bake/compose/build-disk.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';

test('the disk that Packer boots is the tree without /boot, and each role has its own log', async () => {
  const folder = await temporaryFolder();
  const tree = join(folder, 'tree');
  for (const name of ['boot', 'etc']) {
    await mkdir(join(tree, name), { recursive: true });
    await writeFile(join(tree, name, 'file'), name);
  }
  const options = { workFolder: folder, logFolder: folder };
  const disk = await buildDisk(makeHost(), { tree, role: 'slave', folder }, options);
  const { stdout } = await makeHost().run('unsquashfs', ['-lls', '-dest', '', disk]);
  expect(stdout).toContain('/etc/file');
  expect(stdout).not.toContain('/boot');
  expect(await readdir(folder)).toContain('compose-slave-disk.log');
});
