import { statfs } from 'node:fs/promises';
import { IngotError } from './ingot-error.ts';

const gib = 1024 ** 3;
const inGib = (bytes: number): string => `${(bytes / gib).toFixed(1)} GiB`;

/**
 * Requires free space on a file system.
 * @param folder absolute; must exist
 * @throws IngotError no-space that names the space needed and the space free
 */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new IngotError({
    code: 'no-space',
    message: `not enough space in ${folder}: ${inGib(bytes)} are needed, ${inGib(free)} are free`,
    hint: 'free some, or bake elsewhere with --out FOLDER',
  });
}
