import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { filesBelow } from '../../host/files-below.ts';
import type { Host } from '../../host/host.ts';
import { pooledPath } from '../pool/pool.ts';
import { type Elf, readElf } from './elf.ts';
import type { LockedPackage } from './lock.ts';

/** A library that a program of a package needs to start, and that no package contains. */
export interface MissingLibrary {
  readonly of: LockedPackage;
  readonly program: string;
  readonly library: string;
}

async function elfOf(file: string): Promise<Elf | undefined> {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close());
  return bytesRead === 4 && buffer.readUInt32BE(0) === 0x7f454c46 ? readElf(await readFile(file)) : undefined;
}

/**
 * Returns the libraries that the programs of unpacked packages need from other packages, each with the first program
 * that needs it. Plugins that no program is linked with are ignored.
 */
async function neededOf(folder: string): Promise<Map<string, string>> {
  const elves = new Map<string, Elf>();
  for (const path of await filesBelow(folder)) {
    const elf = await elfOf(join(folder, path));
    if (elf === undefined) continue;
    elves.set(basename(path), elf);
    // A package's own library may be requested by a name that is a symbolic link.
    if (!elf.isProgram && elf.soname !== undefined) elves.set(elf.soname, elf);
  }
  const outside = new Map<string, string>();
  for (const [program, { isProgram }] of elves) {
    if (!isProgram) continue;
    const seen = new Set<string>();
    const open = [program];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const own = elves.get(name);
      if (own !== undefined) open.push(...own.needed);
      else if (!outside.has(name)) outside.set(name, program);
    }
  }
  return outside;
}

/**
 * Returns the names of libraries in a package's shlibs (deb-shlibs(5)): "libcurl 4 …" stands for libcurl.so.4 or
 * libcurl-4.so.
 */
function namesIn(shlibs: string): string[] {
  return shlibs.split('\n').flatMap((line) => {
    const [, library, version] = /^(?:[a-z]+: )?(\S+) (\S+)(?: |$)/.exec(line) ?? [];
    return library === undefined || version === undefined
      ? []
      : [`${library}.so.${version}`, `${library}-${version}.so`];
  });
}

/** Removes the names that packages contain: first according to their shlibs, then according to their lists of files. */
async function withoutThose(
  host: Host,
  pool: string,
  names: ReadonlyMap<string, string>,
  packages: readonly LockedPackage[],
): Promise<string[]> {
  const limit = pLimit(4);
  const ask = (args: readonly string[], all: readonly LockedPackage[]) =>
    Promise.all(
      all.map(({ sha256 }) =>
        limit(async () => {
          const [option = '', ...rest] = args;
          // 2: the package has no such file.
          const { stdout } = await host.run('dpkg-deb', [option, pooledPath(pool, sha256), ...rest], {
            accept: [0, 2],
          });
          return stdout;
        }),
      ),
    );
  const left = new Set(names.keys());
  const libraries = packages.filter(({ name }) => name.startsWith('lib'));
  for (const shlibs of await ask(['--info', 'shlibs'], libraries))
    for (const name of namesIn(shlibs)) left.delete(name);
  if (left.size === 0) return [];
  for (const list of await ask(['--contents'], packages))
    for (const name of [...left])
      if (list.includes(`/${name}\n`) || list.includes(`/${name} -> `)) left.delete(name);
  return [...left];
}

export interface ExaminedPackages {
  /** The packages that are not part of the distribution. The distribution checks its own. */
  readonly own: readonly LockedPackage[];
  /** All packages of the image; they are in the pool. */
  readonly all: readonly LockedPackage[];
}

/**
 * Finds libraries that the programs of packages are linked with and that no package of the image contains: the declared
 * dependencies of a package may be incomplete.
 * @param folder absolute, a plain path
 */
export async function missingLibraries(
  host: Host,
  pool: string,
  { own, all }: ExaminedPackages,
  folder: string,
): Promise<MissingLibrary[]> {
  const missing: MissingLibrary[] = [];
  for (const one of own) {
    const tree = join(folder, one.sha256);
    await host.run('dpkg-deb', ['--extract', pooledPath(pool, one.sha256), tree]);
    const needed = await neededOf(tree);
    if (needed.size === 0) continue;
    for (const library of await withoutThose(host, pool, needed, all))
      missing.push({ of: one, program: needed.get(library) ?? '', library });
  }
  return missing;
}
