import { createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isIgnoredInLayer } from '../site-layers/layer-parts.ts';
import { whyNoLink } from './link-rules.ts';
import { TreeFault } from './tree-fault.ts';

/** Bounds of one layer: a wrong or hostile archive must not fill the disk. */
export interface TreeLimits {
  /** Files, links and folders. */
  readonly entries: number;
  /** Of all files together. */
  readonly bytes: number;
}

export const treeLimits: TreeLimits = { entries: 100_000, bytes: 2 ** 30 };

/** An entry of an archive. */
export interface ArchivedEntry {
  /** As the archive has it. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'hard link' | 'other';
  readonly mode: number;
  /** Of a link. */
  readonly target: string;
}

const lfsPointer = Buffer.from('version https://git-lfs.github.com/spec/v1\n');
const plainFiles = 'files, folders and symbolic links';

/** Returns the parts of a path of an archive, without "./" at the beginning and without a slash at the end. */
function partsOf(path: string): readonly string[] {
  const parts = path.replace(/\/+$/, '').split('/');
  const plain = parts.filter((part) => part !== '.');
  if (path.startsWith('/') || plain.includes('..') || plain.includes(''))
    throw new TreeFault(`the path ${JSON.stringify(path)} leads out of it`, 'relative paths without ..');
  // U+FFFD is what a name that is not UTF-8 is decoded to.
  if (/[\p{Cc}\uFFFD]/u.test(path) || plain.some((part) => Buffer.byteLength(part) > 255))
    throw new TreeFault(
      `the path ${JSON.stringify(path)} is not one that a layer may have`,
      'names of UTF-8 text without control characters',
    );
  return plain;
}

/** Writes the entries of an archive below a folder, and nothing outside of it. */
export class TreeWriter {
  readonly #folder: string;
  readonly #below: readonly string[];
  readonly #limits: TreeLimits;
  readonly #kinds = new Map<string, 'file' | 'folder' | 'link'>();
  readonly #top = new Set<string>();
  #bytes = 0;
  #seen = 0;

  /**
   * @param folder absolute, exists and is empty
   * @param below the folder in the archive that is taken; "" for all of it
   */
  constructor(folder: string, below: string, limits: TreeLimits = treeLimits) {
    this.#folder = folder;
    this.#below = below === '' ? [] : below.split('/');
    this.#limits = limits;
  }

  /** The names at the top of the archive, whether or not they were taken. */
  get top(): ReadonlySet<string> {
    return this.#top;
  }

  /** Whether the folder that is taken was in the archive. */
  get found(): boolean {
    return this.#below.length === 0 || this.#kinds.has('');
  }

  /**
   * Writes one entry.
   * @throws TreeFault for an entry that no layer may have, or beyond the bounds
   */
  async add(entry: ArchivedEntry, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.#seen += 1;
    if (this.#seen > this.#limits.entries)
      throw new TreeFault(`it has more than ${this.#limits.entries} entries`, 'a layer of fewer files');
    const parts = partsOf(entry.path);
    const [top] = parts;
    if (top !== undefined) this.#top.add(top);
    const own = this.#ownParts(parts, entry);
    if (own === undefined) return;
    const path = own.join('/');
    if (path === '') {
      if (entry.kind !== 'folder')
        throw new TreeFault(`${this.#below.join('/')} is not a folder in it`, 'the folder that is the layer');
      this.#kinds.set('', 'folder');
      return;
    }
    await this.#folders(own.slice(0, -1));
    const earlier = this.#kinds.get(path);
    if (earlier !== undefined && !(earlier === 'folder' && entry.kind === 'folder'))
      throw new TreeFault(`${path} is in it twice`, 'each path once');
    if (entry.kind === 'folder') await this.#folders(own);
    else if (entry.kind === 'link') await this.#link(path, entry.target);
    else if (entry.kind === 'file') await this.#file(path, entry.mode, content);
    else
      throw new TreeFault(
        `${path} is ${entry.kind === 'hard link' ? 'a hard link' : 'a device or another special file'}`,
        plainFiles,
      );
  }

  /** Returns the parts below the folder that is taken; undefined for what is not taken. */
  #ownParts(parts: readonly string[], { path }: ArchivedEntry): readonly string[] | undefined {
    if (!this.#below.every((part, index) => parts[index] === part)) return undefined;
    const own = parts.slice(this.#below.length);
    const [first] = own;
    if (this.#below.length > 0 && first !== undefined) this.#kinds.set('', 'folder');
    if (first !== undefined && isIgnoredInLayer(first)) return undefined;
    // Python's bytecode belongs to no layer.
    return path.split('/').includes('__pycache__') ? undefined : own;
  }

  /** Creates folders one by one, none of them through a file or a link. */
  async #folders(parts: readonly string[]): Promise<void> {
    for (let count = 1; count <= parts.length; count++) {
      const path = parts.slice(0, count).join('/');
      const kind = this.#kinds.get(path);
      if (kind === 'folder') continue;
      if (kind !== undefined)
        throw new TreeFault(`${parts.join('/')} is below a ${kind}`, 'folders above files');
      await mkdir(join(this.#folder, path));
      await chmod(join(this.#folder, path), 0o755);
      this.#kinds.set(path, 'folder');
    }
  }

  async #link(path: string, target: string): Promise<void> {
    const why = whyNoLink(path, target);
    if (why !== undefined) throw why;
    this.#kinds.set(path, 'link');
    await symlink(target, join(this.#folder, path));
  }

  async #file(path: string, mode: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    if ((mode & 0o6000) !== 0)
      throw new TreeFault(
        `${path} has ${(mode & 0o4000) === 0 ? 'set-group-id' : 'set-user-id'}`,
        'a file without it: of a mode only the execute bit counts here. Set it in a step, and allow it with setuid',
      );
    this.#kinds.set(path, 'file');
    const place = join(this.#folder, path);
    let beginning = Buffer.alloc(0);
    const bounded = new Transform({
      transform: (chunk: Uint8Array, _, done) => {
        this.#bytes += chunk.length;
        if (beginning.length < lfsPointer.length) beginning = Buffer.concat([beginning, chunk]);
        done(this.#bytes > this.#limits.bytes ? tooLarge(this.#limits) : null, chunk);
      },
    });
    await pipeline(content, bounded, createWriteStream(place, { flags: 'wx' }));
    await chmod(place, (mode & 0o111) === 0 ? 0o644 : 0o755);
    if (beginning.subarray(0, lfsPointer.length).equals(lfsPointer))
      throw new TreeFault(
        `${path} is a pointer of Git LFS, not the file itself`,
        'the file itself in the repository or archive: ingot runs no filters of git',
      );
  }
}

/** The error for a layer that is larger than the bounds. */
export function tooLarge({ bytes }: TreeLimits): TreeFault {
  return new TreeFault(`it is larger than ${bytes / 2 ** 20} MiB when it is unpacked`, 'a smaller layer');
}
