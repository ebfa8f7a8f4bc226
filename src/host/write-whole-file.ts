import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file by rename: its name leads to the whole text or to what was there before, even if the disk fills up or
 * the process is killed.
 * @param path absolute; its folder exists
 * @throws a system error, for example ENOSPC, when it cannot be written; nothing is left of it then
 */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const next = join(dirname(path), `.${basename(path)}-${process.pid}`);
  try {
    const handle = await open(next, 'w', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
