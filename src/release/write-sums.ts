import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDigests } from './read-digests.ts';
import { signatureName, sumsName, sumsText } from './sums.ts';
import { versionFiles } from './version-files.ts';

/** Writes SHA256SUMS of a version folder: every file but the list and its signature. */
export async function writeSums(folder: string): Promise<void> {
  const { files, strange, empty } = await versionFiles(folder);
  const [odd] = [...strange, ...empty, ...files.filter((path) => /[\n\\]/.test(path))];
  if (odd !== undefined) throw new Error(`${JSON.stringify(odd)} cannot be part of a version`);
  const listed = files.filter((name) => name !== sumsName && name !== signatureName);
  const digests = await readDigests(folder, listed);
  await writeFile(
    join(folder, sumsName),
    sumsText(new Map([...digests].map(([path, { sha256 }]) => [path, sha256]))),
  );
}
