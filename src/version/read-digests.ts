import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../host/sha256-file.ts';

/** Digest and size of a file's content. */
export interface FileDigest {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Copies of some files of a version folder, which no other process writes to. */
export interface Copies {
  /** Absolute. */
  readonly folder: string;
  /** Paths relative to the folder, and to the version folder. */
  readonly paths: ReadonlySet<string>;
}

/**
 * Reads files of a version folder as streams. A file that has several names is read once.
 * @param onFile called with each path before it is read
 * @param copies a folder with copies of some of the files, which are read instead
 */
export async function readDigests(
  folder: string,
  paths: readonly string[],
  onFile?: (path: string) => void,
  copies?: Copies,
): Promise<ReadonlyMap<string, FileDigest>> {
  const read = new Map<string, string>();
  const digests = new Map<string, FileDigest>();
  for (const path of paths) {
    const file = join(copies?.paths.has(path) === true ? copies.folder : folder, path);
    const { dev, ino, size } = await stat(file);
    const same = read.get(`${dev}:${ino}`);
    if (same === undefined) onFile?.(path);
    const sha256 = same ?? (await sha256File(file));
    read.set(`${dev}:${ino}`, sha256);
    digests.set(path, { sha256, size });
  }
  return digests;
}
