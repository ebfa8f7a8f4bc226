import { chmod, constants, copyFile, link, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CachedFile } from './entry.ts';

/** Whether a file may share its bytes with the cache (a hard link), or is a copy that its user may write to. */
export type Placement = 'link' | 'copy';

/** The folder of a cache's objects. */
export const objectsFolder = (cache: string): string => join(cache, 'objects');

/** The path of the object with this digest, whether or not it exists. */
export function objectPath(cache: string, sha256: string): string {
  return join(objectsFolder(cache), sha256.slice(0, 2), sha256);
}

/**
 * Makes a hard link if requested and possible on the file system; otherwise a copy, which shares blocks where the file
 * system can.
 */
async function place(from: string, to: string, how: Placement): Promise<void> {
  if (how === 'link') {
    try {
      await link(from, to);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error;
    }
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

/** Whether the object exists with its size; its content is not read. */
export async function hasObject(cache: string, { sha256, size }: CachedFile): Promise<boolean> {
  const found = await stat(objectPath(cache, sha256)).catch(() => undefined);
  return found?.isFile() === true && found.size === size;
}

/**
 * Puts an object at `to`, which must not exist. Later changes to the cache do not affect it.
 * @returns whether there is such an object
 */
export async function fetchObject(
  cache: string,
  file: CachedFile,
  to: string,
  how: Placement,
): Promise<boolean> {
  try {
    await place(objectPath(cache, file.sha256), to, how);
    if (how === 'copy') await chmod(to, Number.parseInt(file.mode, 8));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

let placed = 0;

/** Adds a file to the cache under its digest, by rename: completely or not at all. */
export async function addObject(cache: string, from: string, sha256: string, how: Placement): Promise<void> {
  const target = objectPath(cache, sha256);
  await mkdir(join(objectsFolder(cache), sha256.slice(0, 2)), { recursive: true });
  const own = `${target}.${process.pid}-${placed++}`;
  try {
    await place(from, own, how);
    await rename(own, target);
  } finally {
    // Renaming onto another name of the same file does nothing (rename(2)).
    await rm(own, { force: true });
  }
}

/** Removes an object from the cache. */
export async function dropObject(cache: string, sha256: string): Promise<void> {
  await rm(objectPath(cache, sha256), { force: true });
}

/** A file below objects/: an object, or a leftover of a killed process. */
export interface StoredFile {
  /** An object's digest, or another name. */
  readonly name: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** The time of its last change of name, milliseconds since 1970. */
  readonly changedAt: number;
}

/** A digest, plus the suffix of addObject while an object is being added. */
const objectName = /^[0-9a-f]{64}(\.\d+-\d+)?$/;

async function foldersOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return found.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/**
 * Lists the objects below objects/ and the leftovers of killed processes. Skips foreign files and does not follow
 * links.
 */
export async function listObjects(cache: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  if (!(await foldersOf(cache)).includes('objects')) return files;
  for (const folder of await foldersOf(objectsFolder(cache))) {
    const parent = join(objectsFolder(cache), folder);
    for (const name of await readdir(parent).catch(() => [])) {
      if (!objectName.test(name) || !name.startsWith(folder) || folder.length !== 2) continue;
      const path = join(parent, name);
      const at = await lstat(path).catch(() => undefined);
      if (at?.isFile() === true) files.push({ name, path, size: at.size, changedAt: at.ctimeMs });
    }
  }
  return files;
}
