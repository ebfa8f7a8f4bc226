import { packageChanges } from '../../diff/package-changes.ts';
import { readVersion, type VersionFacts } from '../../diff/read-version.ts';
import { securityFixes } from '../../diff/security-fixes.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { type StoredVersion, storedVersions } from '../../store/stored-version.ts';
import { readChecksRecord } from '../../version/checks-record.ts';
import type { ReportedChanges } from './version-facts.ts';

/** A version with the moment of its boot test; '' for records that do not state it, which are the oldest. */
interface Dated extends StoredVersion {
  readonly published: string;
}

/**
 * The versions of a store, of each role in the order in which they were published.
 * @param out absolute path of the store
 */
export async function versionsByAge(out: string): Promise<Dated[]> {
  const dated = (await storedVersions(out)).map(async (one) => ({
    ...one,
    published: (await readChecksRecord(one.folder))?.published ?? '',
  }));
  const order = ({ published, version }: Dated): string => `${published} ${version}`;
  return (await Promise.all(dated)).toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** The version of the same role that was published just before one; undefined for the first. */
export function versionBefore(all: readonly Dated[], { role, version }: StoredVersion): Dated | undefined {
  const own = all.filter((one) => one.role === role);
  return own[own.findIndex((one) => one.version === version) - 1];
}

/** Reads a version; undefined if it is damaged, so that it is not compared with. */
async function readable(folder: string): Promise<VersionFacts | undefined> {
  return readVersion(folder).catch((error: unknown) => {
    if (error instanceof IngotError) return undefined;
    throw error;
  });
}

/**
 * Compares the packages of a version with those of the one before it.
 * @param pool absolute folder of the .debs, for their changelogs
 */
export async function readChanges(
  host: Host,
  pool: string,
  before: StoredVersion | undefined,
  after: VersionFacts,
): Promise<ReportedChanges | undefined> {
  const old = before && (await readable(before.folder));
  if (old === undefined || before === undefined) return undefined;
  return {
    before: before.version,
    packages: packageChanges(old.packages, after.packages),
    security: await securityFixes(host, pool, old.packages, after.packages),
    rootGrowth: after.boot.rootBytes - old.boot.rootBytes,
  };
}
