import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { walkManifests } from './compare/compare-manifests.ts';
import { pathOrigins } from './compare/origins.ts';
import type { PathDifference } from './compare/version-difference.ts';
import { configurationChanges } from './configuration.ts';
import type { FieldChange, RootDiff, SizeChange } from './image-diff.ts';
import { fieldChange, growthByOwner, isTimeOnly, pathChange, unitChanges } from './path-changes.ts';
import type { VersionFacts } from './read-version.ts';

/**
 * Compares the roots and the files of two versions. The manifests are read as streams, and only differences are kept.
 * @param layers absolute rootfs folders of all of images/, to find a path's origin
 */
export async function diffRoots(
  host: Host,
  before: VersionFacts,
  after: VersionFacts,
  layers: readonly string[],
): Promise<RootDiff> {
  const bytes = { stored: 0, made: 0 };
  const [old, young] = [before, after].map(({ folder }) => join(folder, 'manifest.json')) as [string, string];
  const walk = await walkManifests(old, young, (line, side) => {
    bytes[side] += Number(/"size":(\d+)/.exec(line)?.[1] ?? 0);
  });
  const counts = { added: 0, removed: 0, changed: 0, timesOnly: 0 };
  const kept: PathDifference[] = [];
  for await (const difference of walk.differences) {
    if (isTimeOnly(difference)) counts.timesOnly += 1;
    else {
      counts[difference.kind] += 1;
      kept.push(difference);
    }
  }
  return withTemporaryFolder(async (work) => {
    const versions = [before.folder, after.folder];
    const paths = kept.map(({ path }) => path);
    const own = layersOfRoles(layers, [before.boot.role, after.boot.role]);
    const origins = await pathOrigins(host, { paths, versions, layers: own, work });
    const list = kept.map((one) => pathChange(one, origins.get(one.path)));
    const squashfs = {
      before: join(before.folder, 'root.squashfs'),
      after: join(after.folder, 'root.squashfs'),
    };
    const [rootHash, memoryMiB] = [
      changed('rootHash', before.boot.rootHash, after.boot.rootHash),
      changed('memoryMiB', String(before.boot.memoryMiB), String(after.boot.memoryMiB)),
    ];
    return {
      head: walk.head.map(fieldChange),
      ...(rootHash === undefined ? {} : { rootHash }),
      ...(memoryMiB === undefined ? {} : { memoryMiB }),
      kernelArguments: argumentChanges(before.boot.kernelArguments, after.boot.kernelArguments),
      units: unitChanges(list),
      configuration: await configurationChanges(host, squashfs, list, work),
      paths: { ...counts, list },
      sizes: {
        root: { before: bytes.stored, after: bytes.made },
        byOwner: growthByOwner(list),
        files: fileChanges(before.files, after.files),
      },
    };
  });
}

/** The layers of the given roles, without those of other roles. */
export function layersOfRoles(layers: readonly string[], roles: readonly Role[]): string[] {
  const others = allRoles.filter((role) => !roles.includes(role));
  return layers.filter(
    (layer) => !others.some((role) => layer.endsWith(`/${role}/rootfs`) || layer.endsWith(`/${role}`)),
  );
}

function changed(name: string, before: string, after: string): FieldChange | undefined {
  return before === after ? undefined : { name, before, after };
}

/** Kernel arguments that exist on only one side, without the version's own name, which always differs. */
export function argumentChanges(
  before: readonly string[],
  after: readonly string[],
): RootDiff['kernelArguments'] {
  const only = (here: readonly string[], others: readonly string[]): string[] =>
    here.filter((one) => !others.includes(one) && !one.startsWith('ingot.version='));
  return { added: only(after, before), removed: only(before, after) };
}

/** Files with different digests (different sizes if a side has no list of digests), or on one side only. */
export function fileChanges(before: VersionFacts['files'], after: VersionFacts['files']): SizeChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    const digests = was?.sha256 !== undefined && is?.sha256 !== undefined;
    const same = digests ? was.sha256 === is.sha256 : was?.size === is?.size;
    if (same) return [];
    return [
      {
        name,
        ...(was === undefined ? {} : { before: was.size }),
        ...(is === undefined ? {} : { after: is.size }),
      },
    ];
  });
}
