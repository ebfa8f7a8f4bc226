import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileDigest, readDigests } from './read-digests.ts';
import { signatureName, sumsName, sumsText } from './sums.ts';
import { versionFiles } from './version-files.ts';

/** A list that was written, and its content. */
export interface WrittenSums {
  /** The bytes of SHA256SUMS. */
  readonly payload: Buffer;
  readonly digests: ReadonlyMap<string, FileDigest>;
}

/**
 * Writes SHA256SUMS of a version folder. It lists every file except itself and its signature.
 * @param known digests of files that need not be read
 */
export async function writeSums(
  folder: string,
  known: ReadonlyMap<string, FileDigest> = new Map(),
): Promise<WrittenSums> {
  const { files, strange, empty } = await versionFiles(folder);
  const [invalid] = [...strange, ...empty, ...files.filter((path) => /[\n\\]/.test(path))];
  if (invalid !== undefined) throw new Error(`${JSON.stringify(invalid)} cannot be part of a version`);
  const listed = files.filter((name) => name !== sumsName && name !== signatureName);
  const read = await readDigests(
    folder,
    listed.filter((path) => !known.has(path)),
  );
  const digests = new Map(
    listed.flatMap((path) => {
      const digest = known.get(path) ?? read.get(path);
      return digest === undefined ? [] : [[path, digest] as const];
    }),
  );
  const payload = Buffer.from(sumsText(new Map([...digests].map(([path, { sha256 }]) => [path, sha256]))));
  await writeFile(join(folder, sumsName), payload);
  return { payload, digests };
}
