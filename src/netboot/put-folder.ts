import { constants } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256File } from '../host/sha256-file.ts';
import { unfinished } from './put-file.ts';

/** Whether two names lead to the same file, or to files of the same bytes. */
async function isSame(path: string, source: string): Promise<boolean> {
  const [one, other] = await Promise.all([path, source].map((file) => stat(file).catch(() => undefined)));
  if (one === undefined || other?.size !== one.size) return false;
  if (one.ino === other.ino && one.dev === other.dev) return true;
  return (await sha256File(path)) === (await sha256File(source));
}

async function isThere(folder: string, sources: Readonly<Record<string, string>>): Promise<boolean> {
  for (const [name, source] of Object.entries(sources))
    if (!(await isSame(join(folder, name), source))) return false;
  return true;
}

/** Another name of the same file; a copy where the file system is another one, or has no links. */
async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error;
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
}

/**
 * Makes a folder of links to files (name → absolute path); it appears by rename, with all of them. One that holds the same already stays as it
 * is; one that was damaged is made anew.
 */
export async function putFolder(folder: string, sources: Readonly<Record<string, string>>): Promise<void> {
  if (await isThere(folder, sources)) return;
  const made = unfinished(folder);
  await mkdir(dirname(folder), { recursive: true });
  await rm(made, { recursive: true, force: true });
  try {
    await mkdir(made);
    for (const [name, source] of Object.entries(sources)) await linkOrCopy(source, join(made, name));
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}
