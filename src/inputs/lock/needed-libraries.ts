import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { filesBelow } from '../../host/files-below.ts';
import type { Host } from '../../host/host.ts';
import { pooledPath } from '../pool/pool.ts';
import { type Elf, readElf } from './elf.ts';
import type { LockedPackage } from './lock.ts';

/** A library that a program of a package cannot start without, and that no package has. */
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

/** What the programs of unpacked packages need of others: each library, with the first program that needs it. Plugins that nothing links are left out. */
async function neededOf(folder: string): Promise<Map<string, string>> {
  const elves = new Map<string, Elf>();
  for (const path of await filesBelow(folder)) {
    const elf = await elfOf(join(folder, path));
    if (elf === undefined) continue;
    elves.set(basename(path), elf);
    // A library of its own is asked for by a name that may be a link.
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

/** The names of libraries in a package's shlibs (deb-shlibs(5)): "libcurl 4 …" is libcurl.so.4 or libcurl-4.so. */
function namesIn(shlibs: string): string[] {
  return shlibs.split('\n').flatMap((line) => {
    const [, library, version] = /^(?:[a-z]+: )?(\S+) (\S+)(?: |$)/.exec(line) ?? [];
    return library === undefined || version === undefined
      ? []
      : [`${library}.so.${version}`, `${library}-${version}.so`];
  });
}

/** Takes those out of some names that packages have: first by what they say of themselves, then by their lists of files. */
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
  /** Those that are not the distribution's, which sees to its own. */
  readonly own: readonly LockedPackage[];
  /** All packages of the image; in the pool. */
  readonly all: readonly LockedPackage[];
}

/**
 * Looks what the programs of packages are linked with that no package of the image has: what a package says of its dependencies may be too little.
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
