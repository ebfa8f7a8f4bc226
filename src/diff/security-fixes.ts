import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Host } from '../host/host.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { compareDebianVersions } from '../inputs/lock/compare-versions.ts';
import { pooledPath } from '../inputs/pool/pool.ts';
import { entriesBetween, highestUrgency, isSecurity, parseChangelog, sortedCves } from './changelog.ts';
import type { PackageRecord, SourceFixes } from './image-diff.ts';
import { readChangelog } from './read-changelog.ts';

/** The number of .debs that are unpacked in parallel. */
const atOnce = 4;

interface NewerSource {
  readonly source: string;
  readonly before: string;
  readonly after: string;
  readonly packages: readonly PackageRecord[];
}

function bySource(packages: readonly PackageRecord[]): Map<string, PackageRecord[]> {
  const sources = new Map<string, PackageRecord[]>();
  for (const one of packages) sources.set(one.source.name, [...(sources.get(one.source.name) ?? []), one]);
  return sources;
}

const newest = (packages: readonly PackageRecord[]): string =>
  packages
    .map(({ source }) => source.version)
    .sort(compareDebianVersions)
    .at(-1) ?? '';

/**
 * Finds the source packages for which each side has packages that the other lacks, and the second side has a newer
 * version. Packages are grouped by source, because a kernel's packages have different names in each version.
 */
export function newerSources(
  before: readonly PackageRecord[],
  after: readonly PackageRecord[],
): NewerSource[] {
  const without = (these: readonly PackageRecord[], those: readonly PackageRecord[]): PackageRecord[] => {
    const digests = new Set(those.map(({ sha256 }) => sha256));
    return these.filter(({ sha256 }) => !digests.has(sha256));
  };
  const old = bySource(without(before, after));
  return [...bySource(without(after, before))]
    .flatMap(([source, packages]) => {
      const was = newest(old.get(source) ?? []);
      const is = newest(packages);
      if (was === '' || compareDebianVersions(was, is) >= 0) return [];
      return [
        { source, before: was, after: is, packages: packages.filter((one) => one.source.version === is) },
      ];
    })
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

/**
 * Reads the changelogs of upgraded source packages from the .debs of the pool. A source without security fixes is
 * omitted. If a changelog cannot be read, the result states why.
 */
export async function securityFixes(
  host: Host,
  pool: string,
  before: readonly PackageRecord[],
  after: readonly PackageRecord[],
): Promise<SourceFixes[]> {
  const sources = newerSources(before, after);
  if (sources.length === 0) return [];
  return withTemporaryFolder(async (work) => {
    const limit = pLimit(atOnce);
    const all = sources.map((source, index) =>
      limit(() => fixesOf(host, pool, source, join(work, String(index)))),
    );
    return (await Promise.all(all)).filter(({ entries, unknown }) => entries.length > 0 || unknown);
  });
}

async function fixesOf(host: Host, pool: string, newer: NewerSource, work: string): Promise<SourceFixes> {
  const { source, before, after, packages } = newer;
  const missing: string[] = [];
  for (const [index, one] of (await smallestFirst(pool, packages)).entries()) {
    const changelog = await readChangelog(host, pool, one, join(work, String(index)));
    if ('missing' in changelog) {
      missing.push(changelog.missing);
      continue;
    }
    const entries = entriesBetween(parseChangelog(changelog.text), before, after).filter(isSecurity);
    const urgency = highestUrgency(entries);
    const cves = sortedCves(entries.flatMap((entry) => entry.cves));
    return { source, before, after, entries, ...(urgency === undefined ? {} : { urgency }), cves };
  }
  return { source, before, after, entries: [], cves: [], unknown: missing.slice(0, 3).join('; ') };
}

/** All .debs of a source have the same changelog, and a kernel's .deb takes long to unpack. */
async function smallestFirst(pool: string, packages: readonly PackageRecord[]): Promise<PackageRecord[]> {
  const sized = packages.map(async (one) => {
    const found = await stat(pooledPath(pool, one.sha256)).catch(() => undefined);
    return { one, size: found?.size ?? Infinity };
  });
  return (await Promise.all(sized)).sort((a, b) => (a.size < b.size ? -1 : 1)).map(({ one }) => one);
}
