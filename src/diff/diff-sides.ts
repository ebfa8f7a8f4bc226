import { IngotError } from '../errors/ingot-error.ts';
import type { Host } from '../host/host.ts';
import { diffRoots } from './diff-roots.ts';
import type { Found } from './find-sides.ts';
import type { ImageDiff, PackageRecord, RootDiff, Side } from './image-diff.ts';
import { lockText } from '../lock/lock-file.ts';
import { packagesOf } from '../lock/lock.ts';
import { lockPackages } from './lock-packages.ts';
import { packageChanges } from './package-changes.ts';
import { readVersion } from './read-version.ts';
import { securityFixes } from './security-fixes.ts';

export interface DiffQuestion {
  readonly before: Found;
  readonly after: Found;
  /** Absolute folder of the .debs, for their changelogs. */
  readonly pool: string;
  /** Absolute rootfs folders of images/, to tell a path's origin by. */
  readonly layers: readonly string[];
}

interface Known {
  readonly side: Side;
  readonly packages: readonly PackageRecord[];
}

/** Compares two versions, or two locks. Throws an IngotError ('wrong-input') when one is damaged or they are of two kinds. */
export async function diffSides(host: Host, question: DiffQuestion): Promise<ImageDiff> {
  const { before, after } = question;
  if (before.kind === 'version' && after.kind === 'version') {
    const [old, young] = await Promise.all([readVersion(before.folder), readVersion(after.folder)]);
    const root = await diffRoots(host, old, young, question.layers);
    const known = (named: string, { boot, packages }: typeof old): Known => ({
      side: { named, title: `${boot.role} ${boot.version}`, packages: packages.length },
      packages,
    });
    const sides = [known(before.named, old), known(after.named, young)] as const;
    return report(host, question.pool, 'versions', ...sides, isSame(root), root);
  }
  if (before.kind === 'lock' && after.kind === 'lock') {
    const known = ({ named, lock }: typeof before): Known => {
      const side = { named, title: `lock of ${lock.date}`, packages: packagesOf(lock).length };
      return { side, packages: lockPackages(lock) };
    };
    const sides = [known(before), known(after)] as const;
    return report(host, question.pool, 'locks', ...sides, lockText(before.lock) === lockText(after.lock));
  }
  throw new IngotError({
    code: 'wrong-input',
    message: `${before.named} is a ${before.kind}, ${after.named} a ${after.kind}`,
    hint: 'compare two versions, or two locks',
  });
}

async function report(
  host: Host,
  pool: string,
  kind: ImageDiff['kind'],
  before: Known,
  after: Known,
  sameBeside: boolean,
  root?: RootDiff,
): Promise<ImageDiff> {
  const packages = packageChanges(before.packages, after.packages);
  return {
    schema: 1,
    kind,
    same: packages.length === 0 && sameBeside,
    before: before.side,
    after: after.side,
    packages,
    security: await securityFixes(host, pool, before.packages, after.packages),
    ...(root === undefined ? {} : { root }),
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
