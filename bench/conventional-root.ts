import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../src/inputs/plan/plan.ts';
import { latestPath } from '../src/store/latest-version.ts';
import type { Bench } from './bench.ts';
import type { BootSource } from './node-boot.ts';

/**
 * Copies the tree of a published golden root to a conventional, writable ext4, which boots with the same kernel and
 * initrd.
 * @param folder absolute; created here
 */
export async function conventionalRoot(
  bench: Bench,
  store: string,
  role: Role,
  folder: string,
): Promise<Extract<BootSource, { kind: 'conventional' }>> {
  const { workspace, plan } = bench;
  const { host, signal } = workspace;
  const published = latestPath(workspace.path(store), role);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const tree = join(folder, 'tree');
  const root = (await readdir(published)).find((name) => name.endsWith('.squashfs')) ?? 'root.squashfs';
  await host.run('unsquashfs', ['-q', '-n', '-dest', tree, join(published, root)], { signal });
  await writeFile(join(tree, 'etc/fstab'), 'LABEL=root / ext4 errors=remount-ro 0 1\n');
  const disk = join(folder, 'root.raw');
  await host.run('truncate', ['--size=4G', disk]);
  await host.run('mke2fs', ['-q', '-t', 'ext4', '-L', 'root', '-d', tree, disk], { signal });
  await rm(tree, { recursive: true });
  // Without boot=ingot the published initrd boots a conventional root.
  return {
    kind: 'conventional',
    disk,
    kernel: join(published, 'vmlinuz'),
    initrd: join(published, 'initrd.img'),
    kernelArguments: plan.roles.find((one) => one.role === role)?.kernelArguments ?? [],
  };
}
