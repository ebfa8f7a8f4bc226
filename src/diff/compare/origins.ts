import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Host } from '../../host/host.ts';
import { layerPlace } from '../../inputs/plan/layer-place.ts';
import { extractMatching } from './extract-paths.ts';
import type { PathOrigin } from './version-difference.ts';

export interface OriginRequest {
  readonly paths: readonly string[];
  /** Absolute version folders. The information of all of them is combined. */
  readonly versions: readonly string[];
  /** Absolute folders of images/ and node-tools/ that are layers of the role. */
  readonly layers: readonly string[];
  /** Absolute folder for temporary files. */
  readonly work: string;
}

const dpkgInfo = 'var/lib/dpkg/info';

/** Finds where each path of the root comes from: dpkg's lists of files, changes.json, images/. */
export async function pathOrigins(
  host: Host,
  request: OriginRequest,
): Promise<ReadonlyMap<string, PathOrigin>> {
  const { paths, versions, layers, work } = request;
  if (paths.length === 0) return new Map();
  const owners = new Map<string, Set<string>>();
  const guest = new Set<string>();
  const lists = versions.map((_, index) => join(work, `lists-${index}`));
  await Promise.all(
    versions.map((version, index) =>
      extractMatching(host, join(version, 'root.squashfs'), `${dpkgInfo}/*.list`, lists[index] ?? ''),
    ),
  );
  const wanted = new Set(paths);
  for (const [index, version] of versions.entries()) {
    await readOwners(join(lists[index] ?? '', dpkgInfo), wanted, owners);
    for (const path of await guestPaths(join(version, 'changes.json'))) guest.add(path);
  }
  const placed = await Promise.all(layers.map(async (layer) => ({ layer, paths: await pathsBelow(layer) })));
  const origins = new Map<string, PathOrigin>();
  for (const path of paths) {
    origins.set(path, {
      packages: [...(owners.get(path) ?? [])].sort(),
      guest: guest.has(path),
      layers: placed.flatMap((one) => (one.paths.has(path) ? [one.layer] : [])),
    });
  }
  return origins;
}

/** With a merged /usr, packages name files by either path (usrmerge): /lib/x is /usr/lib/x. */
function mergedPath(path: string): string {
  return /^\/(bin|sbin|lib|lib32|lib64|libx32)(\/|$)/.test(path) ? `/usr${path}` : path;
}

async function readOwners(
  folder: string,
  wanted: ReadonlySet<string>,
  owners: Map<string, Set<string>>,
): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    const owner = name.replace(/\.list$/, '').replace(/:[^:]*$/, '');
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      for (const path of new Set([line, mergedPath(line)])) {
        if (wanted.has(path)) owners.set(path, (owners.get(path) ?? new Set<string>()).add(owner));
      }
    }
  }
}

async function guestPaths(file: string): Promise<string[]> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as { path: string }[]).map(({ path }) => path);
  } catch {
    return []; // The file is only informative, and its own digest is compared anyway.
  }
}

/** The paths on a node of all files of a layer; empty if the folder does not exist. */
async function pathsBelow(folder: string): Promise<ReadonlySet<string>> {
  if (!existsSync(folder)) return new Set();
  return new Set((await readdir(folder, { recursive: true })).map((path) => `${layerPlace(folder)}/${path}`));
}
