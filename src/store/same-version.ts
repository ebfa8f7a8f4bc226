import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../host/files-below.ts';
import { sha256File } from '../host/sha256-file.ts';

async function sameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other).catch(() => undefined)]);
  if (b?.isFile() !== true || a.size !== b.size) return false;
  // Hard links to the same object of the cache need not be read.
  if (a.dev === b.dev && a.ino === b.ino) return true;
  return (await sha256File(one)) === (await sha256File(other));
}

/** Whether a folder has every file of another, with the same bytes; it may have more. */
export async function holdsAllOf(folder: string, other: string): Promise<boolean> {
  for (const path of await filesBelow(other))
    if (!(await sameFile(join(other, path), join(folder, path)))) return false;
  return true;
}
