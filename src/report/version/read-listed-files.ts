import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { smallFile } from '../../version/small-file.ts';
import { parseSums, sumsName } from '../../version/sums.ts';
import { versionFiles } from '../../version/version-files.ts';

export interface FileOfVersion {
  readonly name: string;
  readonly bytes: number;
  /** As SHA256SUMS lists it; the file is not read. */
  readonly sha256: string | undefined;
}

/** The files of a version folder, sorted by name. */
export async function readListedFiles(folder: string): Promise<FileOfVersion[]> {
  const { files } = await versionFiles(folder);
  const sums = parseSums((await smallFile(join(folder, sumsName)))?.toString() ?? '');
  return Promise.all(
    files.toSorted().map(async (name) => ({
      name,
      bytes: (await stat(join(folder, name))).size,
      sha256: sums?.get(name),
    })),
  );
}
