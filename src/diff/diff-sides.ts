import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { packagesOf } from '../inputs/lock/lock.ts';
import { lockText } from '../inputs/lock/lock-file.ts';
import { diffRoots } from './diff-roots.ts';
import type { NamedSide } from './find-sides.ts';
import type { ImageDiff, PackageRecord, RootDiff, Side } from './image-diff.ts';
import { lockPackages } from './lock-packages.ts';
import { packageChanges } from './package-changes.ts';
import { readVersion, type VersionFacts } from './read-version.ts';
import { securityFixes } from './security-fixes.ts';

export interface DiffRequest {
  readonly before: NamedSide;
  readonly after: NamedSide;
  /** Absolute folder of the .debs, for their changelogs. */
  readonly pool: string;
  /** Absolute rootfs folders of images/, to find a path's origin. */
  readonly layers: readonly string[];
}

/**
 * Compares two versions, or two locks.
 * @throws IngotError not-a-version if one is damaged
 * @throws IngotError wrong-usage if they are not of the same kind
 */
export async function diffSides(host: Host, request: DiffRequest): Promise<ImageDiff> {
  const { before, after, pool, layers } = request;
  if (before.kind === 'version' && after.kind === 'version') {
    const [old, young] = await Promise.all([readVersion(before.folder), readVersion(after.folder)]);
    const [packages, root] = await Promise.all([
      diffPackages(host, pool, old.packages, young.packages),
      diffRoots(host, old, young, layers),
    ]);
    const same = packages.packages.length === 0 && isSame(root);
    const sides = { before: versionSide(before.named, old), after: versionSide(after.named, young) };
    return { schema: 1, kind: 'versions', same, ...sides, ...packages, root };
  }
  if (before.kind === 'lock' && after.kind === 'lock') {
    const packages = await diffPackages(host, pool, lockPackages(before.lock), lockPackages(after.lock));
    const same = lockText(before.lock) === lockText(after.lock);
    return { schema: 1, kind: 'locks', same, before: lockSide(before), after: lockSide(after), ...packages };
  }
  throw new IngotError({
    code: 'wrong-usage',
    message: `${before.named} is a ${before.kind}, ${after.named} a ${after.kind}`,
    hint: 'compare two versions, or two locks',
  });
}

function versionSide(named: string, { boot, packages }: VersionFacts): Side {
  return { named, title: `${boot.role} ${boot.version}`, packages: packages.length };
}

function lockSide({ named, lock }: NamedSide & { kind: 'lock' }): Side {
  return { named, title: `lock of ${lock.date}`, packages: packagesOf(lock).length };
}

async function diffPackages(
  host: Host,
  pool: string,
  before: readonly PackageRecord[],
  after: readonly PackageRecord[],
): Promise<Pick<ImageDiff, 'packages' | 'security'>> {
  return {
    packages: packageChanges(before, after),
    security: await securityFixes(host, pool, before, after),
  };
}

function isSame({ head, rootHash, memoryMiB, kernelArguments, paths, sizes }: RootDiff): boolean {
  const { added, removed, changed, timesOnly } = paths;
  return (
    head.length === 0 &&
    rootHash === undefined &&
    memoryMiB === undefined &&
    kernelArguments.added.length + kernelArguments.removed.length === 0 &&
    added + removed + changed + timesOnly === 0 &&
    sizes.files.length === 0
  );
}
