import { createReadStream, existsSync } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Host } from '../host/host.ts';
import { extractMatching } from './extract-paths.ts';
import type { Origin } from './version-difference.ts';

export interface OriginQuestion {
  readonly paths: readonly string[];
  /** Absolute version folders; what either says counts. */
  readonly versions: readonly string[];
  /** Absolute rootfs folders of images/ of the role. */
  readonly layers: readonly string[];
  /** Absolute folder for temporary files. */
  readonly work: string;
}

const dpkgInfo = 'var/lib/dpkg/info';

/** Says of each path what brought it into the root: dpkg's lists of files, changes.json, images/. */
export async function originsOf(host: Host, question: OriginQuestion): Promise<ReadonlyMap<string, Origin>> {
  const { paths, versions, layers, work } = question;
  if (paths.length === 0) return new Map();
  const owners = new Map<string, Set<string>>();
  const guest = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const squashfs = join(version, 'root.squashfs');
    const lists = join(work, `lists-${index}`);
    await extractMatching(host, squashfs, `${dpkgInfo}/*.list`, lists);
    await readOwners(join(lists, dpkgInfo), new Set(paths), owners);
    for (const path of await guestPaths(join(version, 'changes.json'))) guest.add(path);
  }
  const origins = new Map<string, Origin>();
  for (const path of paths) {
    const holding: string[] = [];
    for (const layer of layers) if (await isThere(join(layer, path))) holding.push(layer);
    origins.set(path, {
      packages: [...(owners.get(path) ?? [])].sort(),
      guest: guest.has(path),
      layers: holding,
    });
  }
  return origins;
}

/** Of a merged /usr packages name files by either way (usrmerge): /lib/x is /usr/lib/x. */
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
    return []; // It is a record for the curious, and its own digest is compared anyway.
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
