import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../host/sha256-file.ts';

export interface FileDigest {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Reads files of a version folder as streams. A file that has several names is read once.
 * @param onFile called with each path before it is read
 */
export async function readDigests(
  folder: string,
  paths: readonly string[],
  onFile?: (path: string) => void,
): Promise<ReadonlyMap<string, FileDigest>> {
  const read = new Map<string, string>();
  const digests = new Map<string, FileDigest>();
  for (const path of paths) {
    const { dev, ino, size } = await stat(join(folder, path));
    const same = read.get(`${dev}:${ino}`);
    if (same === undefined) onFile?.(path);
    const sha256 = same ?? (await sha256File(join(folder, path)));
    read.set(`${dev}:${ino}`, sha256);
    digests.set(path, { sha256, size });
  }
  return digests;
}
