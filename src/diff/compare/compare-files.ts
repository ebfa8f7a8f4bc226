import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../../host/files-below.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { FileDigest } from '../../version/read-digests.ts';
import { isRecord } from '../../version/record-files.ts';

export interface DigestPair {
  readonly name: string;
  readonly equal: boolean;
  readonly stored?: FileDigest;
  readonly made?: FileDigest;
}

/**
 * Digests all files of two version folders in parallel, except their records.
 * @throws IngotError not-a-version when a folder contains anything but files
 */
export async function compareFiles(storedFolder: string, madeFolder: string): Promise<DigestPair[]> {
  const [stored, made] = await Promise.all([digestsOf(storedFolder), digestsOf(madeFolder)]);
  return [...new Set([...stored.keys(), ...made.keys()])].sort().map((name) => {
    const [before, after] = [stored.get(name), made.get(name)];
    return {
      name,
      equal: before?.sha256 === after?.sha256,
      ...(before === undefined ? {} : { stored: before }),
      ...(after === undefined ? {} : { made: after }),
    };
  });
}

async function digestsOf(folder: string): Promise<Map<string, FileDigest>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const strange = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (strange !== undefined) {
    throw new IngotError({
      code: 'not-a-version',
      message: `${join(strange.parentPath, strange.name)} is not a file; a version of an image contains only files`,
      hint: 'remove it',
    });
  }
  const names = (await filesBelow(folder)).filter((name) => !isRecord(name));
  const pairs = names.map(async (name): Promise<[string, FileDigest]> => {
    const path = join(folder, name);
    const [{ size }, sha256] = await Promise.all([stat(path), sha256File(path)]);
    return [name, { size, sha256 }];
  });
  return new Map(await Promise.all(pairs));
}
