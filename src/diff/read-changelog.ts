import { lstat, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Host } from '../host/host.ts';
import { sha256File } from '../host/sha256-file.ts';
import { pooledPath } from '../inputs/pool/pool.ts';
import type { PackageRecord } from './image-diff.ts';

/** The kernel's changelog has 3 MB. */
const largestChangelog = 64 << 20;

/** The text of a changelog, or the reason why there is none. */
export type Changelog = { readonly text: string } | { readonly missing: string };

/**
 * Reads the Debian changelog from a .deb of the pool: changelog.Debian.gz, or changelog.gz for a native package (Debian
 * Policy 12.7). The digest of the .deb is verified first.
 * @param work absolute folder, empty or not existing yet
 */
export async function readChangelog(
  host: Host,
  pool: string,
  one: PackageRecord,
  work: string,
): Promise<Changelog> {
  const deb = pooledPath(pool, one.sha256);
  const label = `${one.name} ${one.version}`;
  if (
    await stat(deb).then(
      () => false,
      () => true,
    )
  )
    return { missing: `the pool has no ${label}` };
  if ((await sha256File(deb)) !== one.sha256) return { missing: `the pool's file of ${label} is damaged` };
  await mkdir(work, { recursive: true });
  // tar exits with 2 if nothing matches the pattern.
  const script = `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --wildcards './usr/share/doc/*/changelog*'`;
  await host.run('sh', ['-c', script, 'sh', deb, work], { accept: [0, 2] });
  const found = await plainFiles(work);
  const wanted = [/^changelog\.Debian(\.gz)?$/, /^changelog(\.gz)?$/].flatMap((pattern) =>
    [...found.filter((path) => basename(dirname(path)) === one.name), ...found].filter((path) =>
      pattern.test(basename(path)),
    ),
  );
  const [path] = wanted;
  if (path === undefined) return { missing: `the .deb of ${label} has no changelog` };
  try {
    const bytes = await readFile(path);
    const text = path.endsWith('.gz')
      ? await promisify(gunzip)(bytes, { maxOutputLength: largestChangelog })
      : bytes;
    return { text: text.toString('utf8') };
  } catch {
    return { missing: `the changelog of ${label} cannot be unpacked` };
  }
}

/** Absolute paths of the files below a folder. Links are omitted, because they may point anywhere. */
async function plainFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of (await readdir(folder, { recursive: true })).sort())
    if ((await lstat(join(folder, name))).isFile()) files.push(join(folder, name));
  return files;
}
