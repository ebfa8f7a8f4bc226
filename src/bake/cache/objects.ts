import { chmod, constants, copyFile, link, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CachedFile } from './entry.ts';

/** Whether a file may share its bytes with the cache (a hard link), or is one that its user may write to. */
export type Placement = 'link' | 'copy';

/** The folder of a cache's objects. */
export const objectsFolder = (cache: string): string => join(cache, 'objects');

/** Where a cache has the object with this digest, or would have it. */
export function objectPath(cache: string, sha256: string): string {
  return join(objectsFolder(cache), sha256.slice(0, 2), sha256);
}

/** A hard link where that is wanted and the file system is the same; else a copy, which costs nothing where the file system can share. */
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

/** Whether the object is there with its size; its bytes are not looked at. */
export async function hasObject(cache: string, { sha256, size }: CachedFile): Promise<boolean> {
  const found = await stat(objectPath(cache, sha256)).catch(() => undefined);
  return found?.isFile() === true && found.size === size;
}

/**
 * Brings an object to `to`, which must not be there; from then on nothing that happens in the cache can take it away.
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

/** Brings a file into the cache under its digest, by rename: complete or not at all. */
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

/** Takes an object out of the cache. */
export async function dropObject(cache: string, sha256: string): Promise<void> {
  await rm(objectPath(cache, sha256), { force: true });
}

/** A file below objects/, an object or what a killed process left of one. */
export interface StoredFile {
  /** An object's digest, or another name. */
  readonly name: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When its last name was given to it, milliseconds since 1970. */
  readonly changedAt: number;
}

/** A digest, and while an object is brought what addObject puts behind it. */
const objectName = /^[0-9a-f]{64}(\.\d+-\d+)?$/;

async function foldersOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return found.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** The objects below objects/, and what killed processes left of some; not files of others, and not what a link leads to. */
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
