import { mkdir, stat, statfs } from 'node:fs/promises';
import { IngotError } from '../../host/ingot-error.ts';

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Returns the free space at a folder in bytes. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Returns the error for a full disk.
 * @param needed bytes that were to be written
 */
export async function noSpaceLeft(folder: string, needed: number): Promise<IngotError> {
  return new IngotError({
    code: 'no-space',
    message: `No space left on device: the pool ${folder} needs ${mebibytes(needed)} more, ${mebibytes(await freeBytes(folder))} are free`,
    hint: 'free some, or name a pool elsewhere with --pool FOLDER or INGOT_POOL; what is in the pool already is kept',
  });
}

/**
 * Checks whether files fit into the pool before they are fetched.
 * @param files the missing files, each with the file that may already contain its beginning
 * @returns bytes that will be written
 * @throws IngotError no-space
 */
export async function requirePoolSpace(
  folder: string,
  files: readonly { readonly size: number; readonly begun: string }[],
): Promise<number> {
  await mkdir(folder, { recursive: true });
  let needed = 0;
  for (const { size, begun } of files) {
    const partial = await stat(begun).catch(() => undefined);
    needed += Math.max(0, size - (partial?.size ?? 0));
  }
  if ((await freeBytes(folder)) < needed) throw await noSpaceLeft(folder, needed);
  return needed;
}
