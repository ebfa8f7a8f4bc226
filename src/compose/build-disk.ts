import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Role } from '../plan/plan.ts';
import { watching, type ComposeOptions } from './compose-shared.ts';

/**
 * Makes the disk that Packer boots: the composed tree as a squashfs, lightly compressed, since it lives for one bake.
 * @returns its absolute path
 */
export async function buildDisk(
  host: Host,
  tree: string,
  role: Role,
  folder: string,
  options: ComposeOptions,
): Promise<string> {
  const disk = join(folder, 'build.squashfs');
  await host.run(
    'mksquashfs',
    [tree, disk, '-comp', 'zstd', '-Xcompression-level', '1', '-noappend', '-no-progress', '-e', 'boot'],
    { log: join(options.logFolder, `compose-${role}-disk.log`), discardOutput: true, ...watching(options) },
  );
  return disk;
}
