import { lstat } from 'node:fs/promises';

/** Whether a path is a folder itself, no link to one, and belongs to whom this process runs as. */
export async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}
