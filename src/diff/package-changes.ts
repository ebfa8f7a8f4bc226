import { compareDebianVersions } from '../inputs/lock/compare-versions.ts';
import type { PackageChange, PackageRecord } from './image-diff.ts';

/** Packages by name, architecture and, in a lock, the place where they are installed. */
function keyed(packages: readonly PackageRecord[]): Map<string, PackageRecord> {
  return new Map(
    packages.map((one) => [`${one.name} ${one.architecture} ${(one.groups ?? []).join(' ')}`, one]),
  );
}

function kindOf(was: PackageRecord | undefined, is: PackageRecord | undefined): PackageChange['kind'] {
  if (was === undefined) return 'added';
  if (is === undefined) return 'removed';
  const order = compareDebianVersions(was.version, is.version);
  return order < 0 ? 'upgraded' : order > 0 ? 'downgraded' : 'rebuilt';
}

/** The packages that differ between two sides, sorted by name. The same version with other bytes is "rebuilt". */
export function packageChanges(
  before: readonly PackageRecord[],
  after: readonly PackageRecord[],
): PackageChange[] {
  const [old, young] = [keyed(before), keyed(after)];
  const changes = new Map<string, PackageChange>();
  for (const key of [...new Set([...old.keys(), ...young.keys()])].sort()) {
    const [was, is] = [old.get(key), young.get(key)];
    const one = is ?? was;
    if (one === undefined || (was?.sha256 === is?.sha256 && was?.version === is?.version)) continue;
    const change = {
      name: one.name,
      architecture: one.architecture,
      kind: kindOf(was, is),
      ...(was === undefined ? {} : { before: was.version }),
      ...(is === undefined ? {} : { after: is.version }),
      source: one.source.name,
    };
    // The same change in both roles of a lock is one line.
    const same = JSON.stringify(change);
    const groups = [...(changes.get(same)?.groups ?? []), ...(one.groups ?? [])];
    changes.set(same, { ...change, ...(groups.length === 0 ? {} : { groups }) });
  }
  return [...changes.values()];
}
