import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allLayers } from '../diff/all-layers.ts';
import { pathOrigins } from '../diff/compare/origins.ts';
import { layersOfRoles } from '../diff/diff-roots.ts';
import type { Host } from '../host/host.ts';
import { projectFolder } from '../host/project-folder.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { versionFolder } from '../store/stored-version.ts';
import { isVersionName } from '../version/version-name.ts';
import type { SharedHead } from './answer/head.ts';
import { type DriftParts, partsOf } from './explain-fleet.ts';
import { imagePaths, type Origins } from './explanation.ts';

/**
 * The folder of a version that a node named, if the store has it. A name from a node must not lead out of the store.
 */
function folderOf({ role, version }: SharedHead, out: string): { role: Role; folder: string } | undefined {
  const known = allRoles.find((one) => one === role);
  if (known === undefined || version === null || !isVersionName(version)) return undefined;
  const folder = versionFolder(out, known, version);
  return existsSync(join(folder, 'root.squashfs')) ? { role: known, folder } : undefined;
}

/**
 * Finds what brought the drifted paths into each version, by the version's folder: the file lists of its packages, its
 * steps or images/.
 * @param out absolute folder of the store
 */
export async function driftOrigins(
  host: Host,
  heads: readonly SharedHead[],
  parts: DriftParts,
  out: string,
): Promise<(head: SharedHead) => Origins> {
  const wanted = new Map<string, { role: Role; paths: Set<string> }>();
  for (const head of heads) {
    const version = folderOf(head, out);
    if (version === undefined) continue;
    const { paths } = wanted.get(version.folder) ?? { paths: new Set<string>() };
    wanted.set(version.folder, { role: version.role, paths });
    for (const key of partsOf(head))
      for (const drift of parts.get(key)?.drifts ?? []) for (const path of imagePaths(drift)) paths.add(path);
  }
  const layers = wanted.size === 0 ? [] : await allLayers(projectFolder);
  const found = new Map<string, Origins>();
  await withTemporaryFolder(async (folder) => {
    for (const [index, [version, { role, paths }]] of [...wanted].entries()) {
      const work = join(folder, String(index));
      await mkdir(work);
      const request = {
        paths: [...paths],
        versions: [version],
        layers: layersOfRoles(layers, [role]),
        work,
      };
      found.set(version, await pathOrigins(host, request));
    }
  });
  return (head) => {
    const version = folderOf(head, out);
    return version === undefined ? undefined : found.get(version.folder);
  };
}
