import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { requireComposableMount } from '../../../src/host/mount-options.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

/** A folder on its own file system, mounted with these options. */
async function mounted(options: string, name = 'a place'): Promise<{ point: string; folder: string }> {
  const point = join(await temporaryFolder(), name);
  await mkdir(point);
  await makeHost().run('mount', ['-t', 'tmpfs', '-o', options.replace(',ro', ''), 'tmpfs', point]);
  onTestFinished(async () => {
    await makeHost().run('umount', [point]);
  });
  const folder = join(point, 'out');
  await mkdir(folder);
  if (options.endsWith(',ro')) await makeHost().run('mount', ['-o', 'remount,ro', point]);
  return { point, folder };
}

test.each([
  ['size=1m,noexec', 'noexec: the programs of the packages run in their tree', 'exec'],
  ['size=1m,nodev', 'nodev: a tree has device nodes', 'dev'],
  [
    'size=1m,nosuid,nodev,noexec',
    'nodev and noexec: a tree has device nodes, the programs of the packages run in their tree',
    'dev,exec',
  ],
  ['size=1m,ro', 'ro: trees are written there', 'rw'],
])(
  'an output folder on a file system mounted %s is refused, with mount point and options',
  async (options, why, remedy) => {
    const { point, folder } = await mounted(options);
    const error = await rejection(requireComposableMount(folder));
    expect(error.code).toBe('unusable-folder');
    expect(error.message).toBe(`${folder} is on ${point}, which is mounted ${why}`);
    expect(error.hint).toContain(`mount -o remount,${remedy} '${point}'`);
  },
);

test('a link to such a folder is refused too', async () => {
  const { point, folder } = await mounted('size=1m,noexec');
  const link = join(await temporaryFolder(), 'link');
  await symlink(folder, link);
  expect((await rejection(requireComposableMount(link))).message).toContain(`is on ${point}, which`);
});

test('an ordinary folder is accepted, and nosuid does no harm', async () => {
  await requireComposableMount(await temporaryFolder());
  const { folder } = await mounted('size=1m,nosuid', 'blank\tand\\back "é"');
  await requireComposableMount(folder);
});
