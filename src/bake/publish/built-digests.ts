import { filesBelow } from '../../host/files-below.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { checkConsistency } from '../../version/check-consistency.ts';
import { type FileDigest, readDigests } from '../../version/read-digests.ts';
import { isRecord } from '../../version/record-files.ts';
import type { GoldenRoot } from '../seal/seal.ts';

function changed(folder: string, excerpt: readonly string[]): IngotError {
  return new IngotError({
    code: 'damaged-version',
    message: `${folder} differs from what was built, so nothing was published or signed:`,
    excerpt,
    hint: 'find out what else writes to the run folders of this store, then bake again',
  });
}

/**
 * Computes the digests of a staged image's files, as soon as all of them are built.
 * @param folder absolute
 * @throws IngotError damaged-version when the root or its manifest differs from the one that was sealed
 */
export async function builtDigests(
  folder: string,
  { squashfsSha256, manifestSha256 }: Pick<GoldenRoot, 'squashfsSha256' | 'manifestSha256'>,
): Promise<ReadonlyMap<string, string>> {
  const read = await readDigests(folder, await filesBelow(folder));
  const digests = new Map([...read].map(([path, { sha256 }]) => [path, sha256]));
  const sealed = { 'root.squashfs': squashfsSha256, 'manifest.json': manifestSha256 };
  const wrong = Object.entries(sealed).filter(([file, sha256]) => digests.get(file) !== sha256);
  if (wrong.length > 0) throw changed(folder, wrong.map(([file]) => `${file} is not the one that was sealed`)); // prettier-ignore
  return digests;
}

/**
 * Compares what is to be published with what was built, and verifies that its files belong to one image.
 * @param listed the content of the folder's SHA256SUMS
 * @param made the digests of builtDigests; only records may be added after them
 * @throws IngotError damaged-version that names each file that was changed, added or lost
 */
export async function requireAsBuilt(
  { host, signal }: { readonly host: Host; readonly signal?: AbortSignal },
  folder: string,
  listed: ReadonlyMap<string, FileDigest>,
  made: ReadonlyMap<string, string>,
): Promise<void> {
  const lost = [...made.keys()].filter((file) => !listed.has(file)).map((file) => `${file} is missing`);
  const other = [...listed].flatMap(([file, { sha256 }]) => {
    const before = made.get(file);
    if (before === undefined) return isRecord(file) ? [] : [`${file} was added after it was made`];
    return before === sha256 ? [] : [`${file} was altered after it was made`];
  });
  if (lost.length + other.length > 0) throw changed(folder, [...lost, ...other]);
  const options = { folder, digests: listed, reported: new Set<string>() };
  const { problems } = await checkConsistency(host, {
    ...options,
    ...(signal === undefined ? {} : { signal }),
  });
  if (problems.length > 0) throw changed(folder, problems.map(({ file, why }) => `${file} ${why}`)); // prettier-ignore
}
