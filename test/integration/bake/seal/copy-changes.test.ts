import { mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyChanges } from '../../../../src/bake/seal/copy-changes.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const host = makeHost();

test("only the archive of the guest's changes is kept, whatever the size of the disk that contains it", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'upper', 'etc'), { recursive: true });
  await writeFile(join(folder, 'upper', 'etc', 'file'), 'x'.repeat(700));
  const disk = join(folder, 'disk');
  await host.run('tar', ['--create', '--format=posix', '--file', disk, '-C', join(folder, 'upper'), '.']);
  await truncate(disk, 100 * 1024 ** 2);
  await copyChanges(disk, join(folder, 'changes.tar'));
  expect((await stat(join(folder, 'changes.tar'))).size).toBeLessThan(10_000);
  const list = async (file: string) =>
    (await host.run('tar', ['--list', '--verbose', '--file', file])).stdout;
  expect(await list(join(folder, 'changes.tar'))).toBe(await list(disk));
});

test('a disk without an archive is refused', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'disk'), Buffer.alloc(4096));
  const error = await rejection(copyChanges(join(folder, 'disk'), join(folder, 'changes.tar')));
  expect(error.message).toContain('there is no archive in it');
});
