import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkSums } from '../version/check-sums.ts';
import { hasPayload } from '../version/dsse.ts';
import { isRecord } from '../version/record-files.ts';
import { readSignatures } from '../version/signatures.ts';
import { parseSums, sumsName } from '../version/sums.ts';

/**
 * The digests of a folder's files if they match its own SHA256SUMS and its signatures cover that list; otherwise
 * undefined.
 */
async function isWhole(folder: string): Promise<ReadonlyMap<string, string> | undefined> {
  const { problems, digests } = await checkSums(folder);
  if (problems.length > 0) return undefined;
  const signatures = await readSignatures(folder);
  if (signatures === 'damaged') return undefined;
  if (signatures !== 'none' && !hasPayload(signatures, await readFile(join(folder, sumsName))))
    return undefined;
  return new Map([...digests].map(([path, { sha256 }]) => [path, sha256]));
}

/**
 * Whether a stored version may stay when the same version is published again: it is intact and has every file of the
 * new one with the same bytes. It may have more files. Records (record-files.ts) only have to exist: the stored version
 * keeps its own, which its signatures cover.
 */
export async function canKeepVersion(stored: string, staged: string): Promise<boolean> {
  const digests = await isWhole(stored);
  const wanted = parseSums(await readFile(join(staged, sumsName), 'utf8'));
  if (digests === undefined || wanted === undefined) return false;
  return [...wanted].every(([path, digest]) =>
    isRecord(path) ? digests.has(path) : digests.get(path) === digest,
  );
}
