import { constants } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256File } from '../host/sha256-file.ts';
import { temporaryName } from './put-file.ts';

/** Whether two paths lead to the same file, or to files with the same bytes. */
async function isSame(path: string, source: string): Promise<boolean> {
  const [one, other] = await Promise.all([path, source].map((file) => stat(file).catch(() => undefined)));
  if (one === undefined || other?.size !== one.size) return false;
  if (one.ino === other.ino && one.dev === other.dev) return true;
  return (await sha256File(path)) === (await sha256File(source));
}

async function isComplete(folder: string, sources: Readonly<Record<string, string>>): Promise<boolean> {
  for (const [name, source] of Object.entries(sources))
    if (!(await isSame(join(folder, name), source))) return false;
  return true;
}

/** Creates a hard link to a file, or copies it if the target is on another file system or links are not supported. */
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
 * Creates a folder of links to files (name → absolute path). The folder appears complete, by rename. A folder that
 * already has this content is not touched; one that was damaged is replaced.
 */
export async function putFolder(folder: string, sources: Readonly<Record<string, string>>): Promise<void> {
  if (await isComplete(folder, sources)) return;
  const made = temporaryName(folder);
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
