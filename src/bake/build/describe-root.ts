import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { extractPaths } from '../../diff/compare/extract-paths.ts';
import type { VersionText } from '../../disk/artifacts.ts';
import { lstatBelow, readBelow } from '../../host/below-folder.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { resolveBelow } from '../../host/resolve-below.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import { type Lock, type LockedPackage, packagesOf } from '../../inputs/lock/lock.ts';
import { distributionSources } from '../../inputs/lock/source-names.ts';
import type { Plan } from '../../inputs/plan/plan.ts';
import { bomName, bomText } from '../../version/sbom/bom.ts';
import { distributionOf } from '../../version/sbom/distribution.ts';
import { type InstalledPackage, installedPackages } from '../../version/sbom/installed.ts';
import { fileSizes, packageBytes } from '../../version/sbom/package-bytes.ts';
import { spdxName, spdxText } from '../../version/sbom/spdx-document.ts';
import { maskedUnits, modulesOf } from '../../version/vex/root-evidence.ts';
import { vexName, vexText } from '../../version/vex/vex.ts';
import { leftOutLines } from '../compose/leave-out.ts';
import type { GoldenRoot } from '../seal/seal.ts';

/** The inputs of a bill of materials, in addition to the root. */
export interface BomInput {
  readonly lock: Lock;
  /** The sources of the plan. */
  readonly sources: Plan['base']['sources'];
}

const status = 'var/lib/dpkg/status';
const release = 'usr/lib/os-release';
const docs = 'usr/share/doc';
const lists = 'var/lib/dpkg/info';
const changes = 'usr/lib/ingot/changes';

/** A dpkg status file has a few MiB, a copyright file some hundred KiB. */
const largest = 64 << 20;

/** Reads a file of a tree as text, following links as on the node; undefined if there is none. */
async function textInTree(tree: string, path: string): Promise<string | undefined> {
  const real = resolveBelow(tree, `/${path}`);
  if (real === undefined || lstatBelow(tree, real)?.isFile() !== true) return undefined;
  return (await readBelow(tree, real, largest))?.toString('utf8');
}

/**
 * Reads dpkg's list of a package's paths. The file name includes the architecture for a package that can be installed
 * for several architectures at once.
 */
const listOf = async (tree: string, { name, architecture }: InstalledPackage): Promise<string | undefined> =>
  (await textInTree(tree, join(lists, `${name}:${architecture}.list`))) ??
  (await textInTree(tree, join(lists, `${name}.list`)));

const title = ({ name, version, architecture }: InstalledPackage | LockedPackage): string =>
  `${name} ${version} ${architecture}`;

/** Pairs installed packages with locked ones; both must be the same set. */
function pairs(
  installed: readonly InstalledPackage[],
  locked: readonly LockedPackage[],
): { readonly installed: InstalledPackage; readonly locked: LockedPackage }[] {
  const wanted = new Map(locked.map((one) => [title(one), one]));
  const found = installed.flatMap((one) => {
    const same = wanted.get(title(one));
    return same === undefined ? [] : [{ installed: one, locked: same }];
  });
  const known = new Set(found.map((one) => title(one.installed)));
  const unexpected = [...installed.map(title), ...wanted.keys()].filter((one) => !known.has(one));
  if (unexpected.length === 0) return found;
  throw new IngotError({
    code: 'wrong-root',
    message: 'the packages of the finished root differ from the lock:',
    excerpt: unexpected,
    hint: 'a step of images/ may not install or remove packages: name them in images/, or in the spec',
  });
}

/** The text of modules.builtin, which is in the folder of the kernel's release; empty without a kernel. */
async function builtInModules(host: Host, squashfs: string, paths: readonly string[]): Promise<string> {
  const file = paths.find((path) => /^\/usr\/lib\/modules\/[^/]+\/modules\.builtin$/.test(path));
  if (file === undefined) return '';
  return (await host.run('unsquashfs', ['-cat', squashfs, file.slice(1)])).stdout;
}

/**
 * Describes a golden root from its own content and the lock: the bill of materials in CycloneDX and SPDX, and what the
 * root shows about vulnerabilities (OpenVEX; omitted if that is nothing).
 * @throws IngotError wrong-root when the packages of the root differ from the lock
 */
export async function describeRoot(
  host: Host,
  root: GoldenRoot,
  materials: BomInput,
): Promise<readonly VersionText[]> {
  const own = distributionSources(materials.sources);
  return withTemporaryFolder(async (folder) => {
    const tree = join(await realpath(folder), 'tree');
    await extractPaths(host, root.squashfs, [status, release, docs, lists, changes], tree);
    const { stdout } = await host.run('unsquashfs', ['-lln', '-d', '', root.squashfs]);
    const sizes = fileSizes(stdout);
    const shared = new Set(packagesOf(materials.lock, ['shared']).map(({ name }) => name));
    const installed = installedPackages((await textInTree(tree, status)) ?? '');
    const packages = await Promise.all(
      pairs(installed, packagesOf(materials.lock, ['shared', root.role])).map(async (one) => ({
        ...one,
        copyright: await textInTree(tree, join(docs, one.installed.name, 'copyright')),
        ofDistribution: own.has(one.locked.source),
        bytes: packageBytes((await listOf(tree, one.installed)) ?? '', sizes),
        shared: shared.has(one.installed.name),
      })),
    );
    const described = { ...root, leftOut: leftOutLines((await textInTree(tree, changes)) ?? '') };
    const distribution = distributionOf((await textInTree(tree, release)) ?? '');
    const paths = [...sizes.keys()];
    const facts = {
      modules: modulesOf(paths, await builtInModules(host, root.squashfs, paths)),
      masked: maskedUnits(stdout),
      packages: new Set(installed.map(({ name }) => name)),
    };
    const vex = vexText({ root: described, distribution, packages, facts });
    return [
      { path: bomName, content: bomText(described, distribution, packages) },
      { path: spdxName, content: spdxText(described, distribution, packages) },
      ...(vex === undefined ? [] : [{ path: vexName, content: vex }]),
    ];
  });
}
