import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import { allTargets } from '../../inputs/targets/all-targets.ts';
import { linksOf } from '../../inputs/targets/target-files.ts';
import { compareContents } from './compare-contents.ts';
import { compareDisks } from './compare-disks.ts';
import { compareFiles, type DigestPair } from './compare-files.ts';
import { compareInitrds } from './compare-initrds.ts';
import { compareManifests } from './compare-manifests.ts';
import { firstFileDifference } from './first-difference.ts';
import { pathOrigins } from './origins.ts';
import {
  type FileComparison,
  noPaths,
  type PathDifferences,
  type VersionDifference,
} from './version-difference.ts';

/** The most paths whose origins are looked up. */
const maxOrigins = 200;

/** Other names of a version's files, and its disks, for all targets. */
const linked = linksOf(allTargets);
const disks = allTargets.flatMap((target) => target.disks);

/** Files that are made only from the root: they differ if the paths differ. */
const madeOfRoot = ['root.squashfs', 'root.verity'];

/**
 * Compares two versions of a role, in folders as described in docs/store.md. They are equal if they have the same files
 * with the same SHA-256, not counting records (record-files.ts). Otherwise the result states which paths differ, how,
 * and where they come from.
 * @param layers absolute rootfs folders of images/ that the role has, to find a path's origin
 * @throws IngotError not-a-version when a folder contains anything else
 * @throws IngotError command-failed when a program fails
 */
export async function compareVersions(
  host: Host,
  storedFolder: string,
  madeFolder: string,
  layers: readonly string[] = [],
): Promise<VersionDifference> {
  const pairs = await compareFiles(storedFolder, madeFolder);
  const equal = pairs.every((pair) => pair.equal);
  if (equal) {
    const files = pairs.map((pair) => ({ ...pair, notes: [] }));
    return { equal, files, head: [], root: noPaths, initrd: noPaths };
  }
  return withTemporaryFolder((work) => explain({ host, storedFolder, madeFolder, layers, work }, pairs));
}

interface CompareRequest {
  readonly host: Host;
  readonly storedFolder: string;
  readonly madeFolder: string;
  readonly layers: readonly string[];
  readonly work: string;
}

async function explain(request: CompareRequest, pairs: readonly DigestPair[]): Promise<VersionDifference> {
  const { host, storedFolder, madeFolder, work } = request;
  const sides = (name: string): [string, string] => [join(storedFolder, name), join(madeFolder, name)];
  const changed = (name: string): boolean =>
    pairs.some((pair) => pair.name === name && !pair.equal && pair.stored && pair.made);

  const manifests = changed('manifest.json')
    ? await compareManifests(...sides('manifest.json'))
    : { head: [], root: noPaths };
  const root = await explainPaths(request, manifests.root);
  const rootDiffers = root.added + root.removed + root.changed > 0;
  const initrds = changed('initrd.img')
    ? await compareInitrds(host, ...sides('initrd.img'), work)
    : { initrd: noPaths, notes: [] };
  const parts = ['manifest.json', 'root.squashfs', 'root.verity', 'vmlinuz', 'initrd.img'].filter(changed);

  const files: FileComparison[] = [];
  for (const pair of pairs) {
    const notes: string[] = [];
    if (pair.equal || pair.stored === undefined || pair.made === undefined) {
      files.push({ ...pair, notes });
      continue;
    }
    if (pair.name === 'initrd.img') notes.push(...initrds.notes);
    if (madeOfRoot.includes(pair.name) && rootDiffers) notes.push('it holds the paths that differ');
    else if (pair.name === 'root.squashfs') notes.push('its paths are the same; only their packing differs');
    else if (pair.name === 'root.verity' && changed('root.squashfs'))
      notes.push('it is the hash tree of root.squashfs');
    const isPart = parts.find((name) => linked[pair.name] === name);
    if (isPart !== undefined) notes.push(`it is ${isPart}`);
    const disk = disks.find(({ path }) => path === pair.name);
    const diskHolds = disk !== undefined && parts.length > 0;
    if (diskHolds) notes.push(`it is made of ${parts.join(', ')}`);
    // A disk that does not have to be unpacked is a qcow2.
    else if (disk !== undefined && disk.unpack === undefined)
      notes.push(...(await compareDisks(host, ...sides(pair.name), work)));
    const follows =
      diskHolds ||
      isPart !== undefined ||
      pair.name === 'manifest.json' ||
      (rootDiffers && madeOfRoot.includes(pair.name));
    const first = follows ? undefined : await firstFileDifference(...sides(pair.name));
    files.push({ ...pair, ...(first === undefined ? {} : { first }), notes });
  }
  return { equal: false, files, head: manifests.head, root, initrd: initrds.initrd };
}

/** Adds the contents and the origin to differing paths of the root. */
async function explainPaths(request: CompareRequest, root: PathDifferences): Promise<PathDifferences> {
  const { host, storedFolder, madeFolder, layers } = request;
  if (root.paths.length === 0) return root;
  const work = join(request.work, 'root');
  await mkdir(work);
  const squashfs = { stored: join(storedFolder, 'root.squashfs'), made: join(madeFolder, 'root.squashfs') };
  const contents = await compareContents(host, squashfs, root.paths, work);
  const paths = root.paths.slice(0, maxOrigins).map(({ path }) => path);
  const origins = await pathOrigins(host, { paths, versions: [storedFolder, madeFolder], layers, work });
  return {
    ...root,
    paths: root.paths.map((one) => {
      const [content, origin] = [contents.get(one.path), origins.get(one.path)];
      return {
        ...one,
        ...(content === undefined ? {} : { content }),
        ...(origin === undefined ? {} : { origin }),
      };
    }),
  };
}
