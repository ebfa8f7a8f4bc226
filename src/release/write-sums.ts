import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../host/sha256-file.ts';
import { signatureName, sumsName, sumsText } from './sums.ts';
import { versionFiles } from './version-files.ts';

/** Writes SHA256SUMS of a version folder: every file but the list and its signature. A file with several names is read once. */
export async function writeSums(folder: string): Promise<void> {
  const { files, strange } = await versionFiles(folder);
  const [odd] = [...strange, ...files.filter((path) => /[\n\\]/.test(path))];
  if (odd !== undefined) throw new Error(`${JSON.stringify(odd)} cannot be part of a version`);
  const read = new Map<string, string>();
  const digests = new Map<string, string>();
  for (const path of files.filter((name) => name !== sumsName && name !== signatureName)) {
    const { dev, ino } = await stat(join(folder, path));
    const digest = read.get(`${dev}:${ino}`) ?? (await sha256File(join(folder, path)));
    read.set(`${dev}:${ino}`, digest);
    digests.set(path, digest);
  }
  await writeFile(join(folder, sumsName), sumsText(digests));
}
