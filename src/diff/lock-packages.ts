import { groups, localSource, type Lock, type LockedPackage } from '../inputs/lock/lock.ts';
import type { PackageRecord } from './image-diff.ts';

/**
 * Returns a package's source. A distribution has the .debs of a source in a folder with its name:
 * pool/main/o/openssl/libssl3_….deb.
 */
function sourceOf({ name, path, source }: LockedPackage): string {
  if (source === localSource) return name;
  return /(?:^|\/)pool\/(?:.+\/)?([^/]+)\/[^/]+\.deb$/.exec(path)?.[1] ?? name;
}

/**
 * The packages of a lock. The version of their source is assumed to be their own, without the number of a rebuild
 * (+b1).
 */
export function lockPackages(lock: Lock): PackageRecord[] {
  return groups.flatMap((group) =>
    lock.packages[group].map((one) => ({
      name: one.name,
      architecture: one.architecture,
      version: one.version,
      sha256: one.sha256,
      source: { name: sourceOf(one), version: one.version.replace(/\+b\d+$/, '') },
      groups: [group],
    })),
  );
}
