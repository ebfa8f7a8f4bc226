import { createHash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../../host/sha256-file.ts';

/** The digest of a layer's files, and how much they are. */
export interface TreeDigest {
  /** SHA-256, 64 hexadecimal digits. */
  readonly tree: string;
  /** How many files and links. */
  readonly files: number;
  /** Of all files, in bytes. */
  readonly size: number;
}

interface Counted {
  readonly lines: string[];
  files: number;
  size: number;
}

async function count(folder: string, below: string, all: Counted): Promise<void> {
  const names = await readdir(join(folder, below));
  if (names.length === 0 && below !== '') all.lines.push(JSON.stringify([below, 'folder']));
  for (const name of names) {
    const path = below === '' ? name : `${below}/${name}`;
    const place = join(folder, path);
    const found = await lstat(place);
    if (found.isDirectory()) {
      await count(folder, path, all);
      continue;
    }
    all.files += 1;
    if (found.isSymbolicLink()) all.lines.push(JSON.stringify([path, 'link', await readlink(place)]));
    else if (found.isFile()) {
      all.size += found.size;
      const mode = (found.mode & 0o111) === 0 ? '0644' : '0755';
      all.lines.push(JSON.stringify([path, mode, await sha256File(place)]));
    } else all.lines.push(JSON.stringify([path, 'neither a file nor a link']));
  }
}

/**
 * Returns the digest of everything below a folder: SHA-256 over one line of JSON for each file, link and empty folder,
 * sorted: its path, its mode (0644 or 0755) and the SHA-256 of its content; or `link` and its target; or `folder`.
 * Times, owners and the rest of a mode do not count.
 * @param folder absolute
 */
export async function treeDigest(folder: string): Promise<TreeDigest> {
  const all: Counted = { lines: [], files: 0, size: 0 };
  await count(folder, '', all);
  const hash = createHash('sha256');
  for (const line of all.lines.sort()) hash.update(`${line}\n`);
  return { tree: hash.digest('hex'), files: all.files, size: all.size };
}
