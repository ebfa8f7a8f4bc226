import { readlinkSync, type Stats } from 'node:fs';
import type { ManifestEntry, PathType } from '../../version/manifest.ts';
import type { FileReader } from './file-reader.ts';
import type { TreeEntry } from './walk-tree.ts';
import type { Xattrs } from './xattrs.ts';

/** One path as in the manifest, and the secrets found in it. */
export interface DescribedEntry {
  readonly entry: ManifestEntry;
  readonly secrets: readonly string[];
}

/**
 * Creates the manifest entry of one path; `hardLink` is the first path of the same file, if there is an earlier one.
 */
export function describeEntry(
  { path, place, stat }: TreeEntry,
  hardLink: string | undefined,
  xattrs: Xattrs | undefined,
  reader: FileReader,
): DescribedEntry {
  const type = typeOf(stat);
  const read = type === 'file' ? reader.read(place, path, stat.size) : undefined;
  const entry = {
    path,
    type,
    mode: (stat.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: stat.uid,
    gid: stat.gid,
    mtime: Math.floor(stat.mtimeMs / 1000),
    ...(read === undefined ? {} : { size: stat.size, sha256: read.sha256 }),
    ...(type === 'symlink' ? { target: readlinkSync(place) } : {}),
    ...(hardLink === undefined ? {} : { hardLink }),
    ...(type === 'char' || type === 'block' ? { device: deviceNumbers(stat.rdev) } : {}),
    ...(xattrs === undefined || xattrs.size === 0 ? {} : { xattrs: sortedHex(xattrs) }),
  };
  return { entry, secrets: read?.secrets ?? [] };
}

function typeOf(stat: Stats): PathType {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'char';
  if (stat.isBlockDevice()) return 'block';
  return stat.isFIFO() ? 'fifo' : 'socket';
}

/** Linux's encoding of device numbers of up to 12 and 20 bits (makedev(3)). */
function deviceNumbers(rdev: number): { major: number; minor: number } {
  return { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) };
}

function sortedHex(xattrs: Xattrs): Record<string, string> {
  const names = [...xattrs.keys()].sort();
  return Object.fromEntries(
    names.map((name) => [name, (xattrs.get(name) ?? Buffer.alloc(0)).toString('hex')]),
  );
}
