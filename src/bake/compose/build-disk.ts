import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import type { ComposeOptions } from './compose-options.ts';
import { packTree } from './tree-file.ts';

/**
 * Creates the disk that Packer boots: the composed tree, without /boot, as a squashfs.
 * @returns its absolute path
 */
export async function buildDisk(
  host: Host,
  { tree, role, folder }: { readonly tree: string; readonly role: Role; readonly folder: string },
  options: ComposeOptions,
): Promise<string> {
  const disk = join(folder, 'build.squashfs');
  await packTree(host, { tree, file: disk, log: `compose-${role}-disk.log`, without: ['boot'] }, options);
  return disk;
}
