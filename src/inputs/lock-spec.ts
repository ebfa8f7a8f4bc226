import { createHash } from 'node:crypto';
import { dirname, join, resolve as absolute } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { requireDebconfPackages } from './lock/debconf-packages.ts';
import { type Lock, type LockedLayer, withLayers } from './lock/lock.ts';
import { changesBetween, type LockChange } from './lock/lock-diff.ts';
import { refuseDoubtfulChanges } from './lock/refuse-doubtful-changes.ts';
import { requireLibraries } from './lock/require-libraries.ts';
import { resolve } from './lock/resolve.ts';
import { nameSources } from './lock/source-names.ts';
import { wantedFiles } from './lock/wanted-files.ts';
import { readLock, writeLock } from './lock-file-of.ts';
import { stalenessOf } from './lock-staleness.ts';
import type { Plan } from './plan/plan.ts';
import { fillPool } from './pool/fill-pool.ts';
import { canonicalUrl } from './url/canonical-url.ts';
import type { Credentials } from './url/credentials.ts';
import { withPlaces } from './with-places.ts';

export interface LockRequest {
  readonly plan: Plan;
  /** Credentials for the servers of sources and .debs. */
  readonly credentials: readonly Credentials[];
  /** As the user named it. */
  readonly specFile: string;
  /** Absolute. */
  readonly pool: string;
  /** The layers of the spec that were fetched; undefined keeps those of the existing lock. */
  readonly layers?: readonly LockedLayer[] | undefined;
  /** 'all' or the named packages are upgraded to the newest version; undefined keeps the locked versions. */
  readonly update: 'all' | readonly string[] | undefined;
  /**
   * With 'all': leave the lock as it is if it would get the same packages from the same sources. A new lock has a new
   * date, and with it every image would be another version.
   */
  readonly keepSame?: true;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

export interface LockResult {
  readonly lock: Lock;
  /** How the lock differs from the previous one. */
  readonly changes: readonly LockChange[];
  /** How many files were not yet in the pool. */
  readonly fetched: number;
  /** Whether a lock was written. */
  readonly written: boolean;
}

/**
 * Returns the folder in which apt's indexes are kept between runs: inside the pool, with one folder for each list of
 * sources.
 */
function warmFolder(pool: string, plan: Plan): string {
  const sources = nameSources(plan.base.sources).map(({ uri, suite, components }) => [
    canonicalUrl(uri),
    suite,
    components,
  ]);
  const key = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
  return join(pool, 'indexes', key);
}

/**
 * Makes the lock of a spec, or keeps the existing one if it is up to date, and fills the pool with everything that the
 * lock names. The lock is written last, so the files of an existing lock have all been fetched.
 */
export async function lockSpec(host: Host, request: LockRequest): Promise<LockResult> {
  const { plan, credentials, specFile, pool, update, signal, onLine } = request;
  const specFolder = dirname(absolute(specFile));
  const before = await readLock(specFile);
  const answers = before !== undefined && (await stalenessOf(before, plan, specFile)).length === 0;
  const fill = async (lock: Lock): Promise<number> =>
    (await fillPool(host, pool, wantedFiles(lock, plan, specFolder), { signal, onLine, credentials })).length;
  if (before !== undefined && answers && update === undefined) {
    requireDebconfPackages(plan, before);
    return { lock: before, changes: [], fetched: await fill(before), written: false };
  }

  const layers = request.layers ?? before?.layers ?? [];
  const named = update === undefined || update === 'all' ? [] : update;
  const keep = update === 'all' ? undefined : before;
  requireKnown(named, before, specFile);
  const renew = named.filter((name) => isPackageOf(before, name));
  const resolved = await withPlaces(specFile, () =>
    withTemporaryFolder((folder) =>
      resolve(host, {
        ...{ plan, credentials, specFolder, pool, folder, renew, signal, onLine },
        warm: warmFolder(pool, plan),
        ...(keep === undefined ? {} : { keep }),
      }),
    ),
  );
  const lock = withLayers(resolved, layers);
  requireDebconfPackages(plan, lock);
  if (before !== undefined) refuseDoubtfulChanges(before, lock, renew);
  if (request.keepSame === true && before !== undefined && answers && isSameLock(before, lock))
    return { lock: before, changes: [], fetched: await fill(before), written: false };
  const fetched = await fill(lock);
  await withPlaces(specFile, () =>
    withTemporaryFolder((folder) => requireLibraries(host, pool, { lock, plan }, folder)),
  );
  await writeLock(specFile, lock);
  return { lock, changes: changesBetween(before, lock), fetched, written: true };
}

function isPackageOf(lock: Lock | undefined, name: string): boolean {
  return Object.values(lock?.packages ?? {}).some((all) => all.some((one) => one.name === name));
}

/** Whether two locks have the same packages and layers, and sources that the same keys sign. Their dates may differ. */
function isSameLock(before: Lock, now: Lock): boolean {
  const sources = ({ sources: all, question, layers }: Lock) => ({
    ...{ question, layers },
    all: all.map(({ release: { keys, validUntil }, ...source }) => ({ ...source, keys, validUntil })),
  });
  return changesBetween(before, now).length === 0 && isDeepStrictEqual(sources(before), sources(now));
}

/** Refuses a name that the lock does not have: it is a typing error. */
function requireKnown(names: readonly string[], lock: Lock | undefined, specFile: string): void {
  const layers = new Set(lock?.layers?.map(({ name }) => name));
  const unknown = names.filter((name) => !layers.has(name) && !isPackageOf(lock, name));
  if (unknown.length === 0) return;
  throw new IngotError({
    code: 'wrong-usage',
    message: `the lock of ${specFile} has no ${unknown.join(', ')}`,
    hint: 'name packages and layers as the lock has them; ingot lock SPEC --update without names renews all',
  });
}
