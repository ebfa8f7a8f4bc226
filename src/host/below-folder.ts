import { constants, lstatSync, type Stats } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { IngotError } from './ingot-error.ts';

/**
 * Reads and writes below a folder whose content somebody else made (the tree of an image, the content of a squashfs).
 * It never follows a link in that folder, which could lead to a file of the build host. Every folder on the way must be
 * a real folder, and the last name is opened with O_NOFOLLOW. Nothing can change between the check and the use: these
 * folders belong to root, in a run folder of mode 0700, and whoever made their content (a guest, a package's script)
 * has ended. So lstat(2) of each name is enough, and no file descriptors of folders are needed.
 */

// Opening a FIFO would block, and opening a device may act on it.
const cautious = constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * The place on this host of `path` (absolute in the image, "/etc/hosts") below `root` (absolute).
 * @throws IngotError wrong-root if a part of the way is not a real folder
 */
export function pathBelow(root: string, path: string): string {
  const missing = firstMissing(root, path);
  if (missing !== undefined) throw wrongPlace(path, `goes through ${missing}, which is missing`);
  return `${root}${path}`;
}

/**
 * The lstat(2) result of a path of the image; links are not followed. Undefined if nothing is there or a folder above
 * it is missing.
 * @throws IngotError wrong-root if the way there leads through a link or a file
 */
export function lstatBelow(root: string, path: string): Stats | undefined {
  return firstMissing(root, path) === undefined ? lstatOrUndefined(`${root}${path}`, path) : undefined;
}

/**
 * The first missing folder above a path. Throws if a part of the way is not a folder, and reads nothing beyond that
 * part.
 */
function firstMissing(root: string, path: string): string | undefined {
  let folder = root;
  for (const part of path.split('/').slice(1, -1)) {
    folder = `${folder}/${part}`;
    const stat = lstatOrUndefined(folder, path);
    const shown = folder.slice(root.length);
    if (stat === undefined) return shown;
    if (!stat.isDirectory()) throw wrongPlace(path, `goes through ${shown}, which is ${kindOf(stat)}`);
  }
  return undefined;
}

/**
 * Opens a regular file of the image for reading, or for reading and writing; undefined if it does not exist.
 * @throws IngotError wrong-root that names the path, for a link, a device or anything else that is not a regular file
 */
export async function openBelow(
  root: string,
  path: string,
  access: 'read' | 'write' = 'read',
): Promise<FileHandle | undefined> {
  const stat = lstatBelow(root, path);
  if (stat === undefined) return undefined;
  if (!stat.isFile()) throw wrongPlace(path, `is ${kindOf(stat)}, not a file`);
  return open(`${root}${path}`, cautious | (access === 'read' ? constants.O_RDONLY : constants.O_RDWR));
}

/**
 * The content of a regular file of the image; undefined if it does not exist.
 * @param most bytes; a larger file is refused, so that an image cannot decide how much memory is used
 * @throws IngotError wrong-root as openBelow, and for a file that is larger
 */
export async function readBelow(root: string, path: string, most: number): Promise<Buffer | undefined> {
  const file = await openBelow(root, path);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size > most)
      throw wrongPlace(path, `has ${size} bytes, more than the ${most} that such a file may have`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * Ensures that a path of the image is an empty regular file with this mode and a single name. A file that is already
 * empty keeps its time.
 * @throws IngotError wrong-root if the path is something other than a regular file
 */
export async function emptyBelow(root: string, path: string, mode: number): Promise<void> {
  const place = pathBelow(root, path);
  const before = lstatOrUndefined(place, path);
  if (before !== undefined && !before.isFile()) throw wrongPlace(path, `is ${kindOf(before)}, not a file`);
  // The file's other names keep their content.
  const shared = before !== undefined && before.nlink > 1;
  if (shared) await rm(place);
  const create = before === undefined || shared ? constants.O_CREAT | constants.O_EXCL : 0;
  const file = await open(place, constants.O_WRONLY | cautious | create, 0o600);
  try {
    if (!shared && before !== undefined && before.size > 0) await file.truncate(0);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

/** lstat(2) of a place on this host; undefined if nothing is there. Errors call the place `path`. */
export function lstatOrUndefined(place: string, path: string): Stats | undefined {
  try {
    return lstatSync(place);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENAMETOOLONG') throw wrongPlace(path, 'is longer than this host can name');
    if (code === 'ENOTDIR') throw wrongPlace(path, 'goes through something that is not a folder');
    throw error;
  }
}

function kindOf(stat: Stats): string {
  if (stat.isSymbolicLink()) return 'a link';
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFile()) return 'a file';
  if (stat.isFIFO()) return 'a FIFO';
  return stat.isSocket() ? 'a socket' : 'a device';
}

function wrongPlace(path: string, why: string): IngotError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return new IngotError({
    code: 'wrong-root',
    message: `The path ${JSON.stringify(shown)} of the image ${why}. Nothing was read or written through it.`,
    hint: 'A package, a file of the spec or a step of images/ replaced it: put a plain folder or file there.',
  });
}
