import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Target } from '../inputs/plan/plan.ts';

/** What a version's netboot folder shares with the version itself. */
const netbootFiles = ['vmlinuz', 'initrd.img', 'root.squashfs', 'root.verity'];

/** The raw disk of a version, and of its cloud folder. */
export const rawDisk = 'disk.raw.zst';
export const cloudDisk = `cloud/${rawDisk}`;

/** Hard links that make the forms of one image carry the very same files: path in a version → the path that it is another name of. */
export function sharedFiles(targets: readonly Target[]): Readonly<Record<string, string>> {
  const netboot = targets.includes('netboot') ? netbootFiles : [];
  return {
    ...Object.fromEntries(netboot.map((name) => [`netboot/${name}`, name])),
    ...(targets.includes('cloud') && targets.includes('raw') ? { [cloudDisk]: rawDisk } : {}),
  };
}

/** Makes those links in the folder of a version. */
export async function linkSharedFiles(folder: string, targets: readonly Target[]): Promise<void> {
  for (const [path, of] of Object.entries(sharedFiles(targets))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await rm(join(folder, path), { force: true });
    await link(join(folder, of), join(folder, path));
  }
}
