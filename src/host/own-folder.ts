import { lstat } from 'node:fs/promises';

/** Whether a path is itself a folder (not a link to one) and belongs to the user of this process. */
export async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}
