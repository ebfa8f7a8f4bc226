import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { filesBelow } from '../../host/files-below.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { lastChangeMs, racyMs, statText } from '../../host/stat-text.ts';
import { checkConsistency } from '../../version/check-consistency.ts';
import { type FileDigest, readDigests } from '../../version/read-digests.ts';
import { isRecord, recordFiles } from '../../version/record-files.ts';
import type { GoldenRoot } from '../seal/seal.ts';

/** The files of a staged image as they were built or taken from the cache. */
export interface BuiltFiles {
  readonly digests: ReadonlyMap<string, FileDigest>;
  /** What statText returned for each file when it was hashed; a file is missing that may have changed since unseen. */
  readonly states: ReadonlyMap<string, string>;
}

function changed(folder: string, excerpt: readonly string[]): IngotError {
  return new IngotError({
    code: 'damaged-version',
    message: `${folder} differs from what was built, so nothing was published or signed:`,
    excerpt,
    hint: 'find out what else writes to the run folders of this store, then bake again',
  });
}

/** Hashes one file; its state counts only if the file did not change shortly before or meanwhile. */
async function hashed(folder: string, path: string) {
  const file = join(folder, path);
  const before = statText(file);
  const isRacy = lastChangeMs(file) > Date.now() - racyMs;
  const digests = await readDigests(folder, [path]);
  return { digests, state: isRacy || statText(file) !== before ? undefined : before };
}

/**
 * Computes the digests of a staged image's files once all of them are built, and verifies that they belong to one
 * image.
 * @param folder absolute
 * @param patient whether there is time, during a boot test, to wait until the newest file is two seconds old: then no
 * file has to be hashed again before it is published
 * @throws IngotError damaged-version when the root or its manifest differs from the one that was sealed, or a file is
 * not of this image
 */
export async function builtFiles(
  {
    host,
    signal,
    patient,
  }: { readonly host: Host; readonly signal?: AbortSignal; readonly patient: boolean },
  folder: string,
  { squashfsSha256, manifestSha256 }: Pick<GoldenRoot, 'squashfsSha256' | 'manifestSha256'>,
): Promise<BuiltFiles> {
  const paths = await filesBelow(folder);
  const newest = Math.max(...paths.map((path) => lastChangeMs(join(folder, path))));
  if (patient)
    await wait(Math.max(0, newest + racyMs + 1 - Date.now()), undefined, { ...(signal && { signal }) });
  const digests = new Map<string, FileDigest>();
  const states = new Map<string, string>();
  const inodes = new Map<string, string>();
  for (const path of paths) {
    signal?.throwIfAborted();
    const { dev, ino } = await stat(join(folder, path));
    const first = inodes.get(`${dev}:${ino}`);
    // Another name of a file that was read.
    const { digests: read, state } =
      first === undefined
        ? await hashed(folder, path)
        : { digests: new Map([[path, digests.get(first)]]), state: states.get(first) };
    inodes.set(`${dev}:${ino}`, first ?? path);
    const digest = read.get(path);
    if (digest !== undefined) digests.set(path, digest);
    if (state !== undefined) states.set(path, state);
  }
  const sealed = { 'root.squashfs': squashfsSha256, 'manifest.json': manifestSha256 };
  const wrong = Object.entries(sealed).filter(([file, sha256]) => digests.get(file)?.sha256 !== sha256);
  if (wrong.length > 0) throw changed(folder, wrong.map(([file]) => `${file} is not the one that was sealed`)); // prettier-ignore
  // The records are written after the boot test.
  const reported = new Set<string>(Object.values(recordFiles));
  const options = { folder, digests, reported, ...(signal && { signal }) };
  const { problems } = await checkConsistency(host, options);
  if (problems.length > 0) throw changed(folder, problems.map(({ file, why }) => `${file} ${why}`)); // prettier-ignore
  return { digests, states };
}

/** The digests of the files that have not changed since they were hashed: their stat data are the same. */
export function unalteredDigests(
  folder: string,
  { digests, states }: BuiltFiles,
): ReadonlyMap<string, FileDigest> {
  return new Map([...digests].filter(([path]) => states.get(path) === statText(join(folder, path))));
}

/**
 * Compares what is to be published with what was built.
 * @param listed the content of the folder's SHA256SUMS
 * @param made the result of builtFiles; only records may be added after it
 * @throws IngotError damaged-version that names each file that was changed, added or lost
 */
export function requireAsBuilt(
  folder: string,
  listed: ReadonlyMap<string, FileDigest>,
  { digests: made }: BuiltFiles,
): void {
  const lost = [...made.keys()].filter((file) => !listed.has(file)).map((file) => `${file} is missing`);
  const other = [...listed].flatMap(([file, { sha256 }]) => {
    const before = made.get(file);
    if (before === undefined) return isRecord(file) ? [] : [`${file} was added after it was made`];
    return before.sha256 === sha256 ? [] : [`${file} was altered after it was made`];
  });
  if (lost.length + other.length > 0) throw changed(folder, [...lost, ...other]);
}
