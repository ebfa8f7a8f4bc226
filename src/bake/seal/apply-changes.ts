import { constants } from 'node:fs';
import {
  chmod,
  type FileHandle,
  lchown,
  link,
  lutimes,
  mkdir,
  open,
  readdir,
  rm,
  symlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { lstatBelow, lstatOrUndefined, pathBelow } from '../../host/below-folder.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { readTar, type TarEntry } from './tar-reader.ts';
import { treePath } from './tree-path.ts';
import { setXattrs } from './xattrs.ts';

export interface TreeChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** Attributes that tell overlayfs how to interpret its upper layer (Documentation/filesystems/overlayfs.rst). */
const overlay = 'trusted.overlay.';
const unsupportedXattrs = ['redirect', 'metacopy', 'whiteout', 'whiteouts'].map((name) => overlay + name);

/** A guest changes some hundred paths; the memory that it can make us use for them is bounded. */
const maxEntries = 1_000_000;
const maxXattrBytes = 8 << 20;

/**
 * Applies a build guest's changes to the composed tree (an absolute folder; needs root). `changesDisk` is a raw file
 * that begins with a tar of the upper layer of the guest's overlay: a character device 0:0 removes a path,
 * `trusted.overlay.opaque=y` empties a folder first. Returns the changes in the order in which they were made;
 * unchanged parent folders are not listed.
 * @throws IngotError wrong-export, before writing, for an entry that would be written outside the tree
 */
export async function applyChanges(host: Host, tree: string, changesDisk: string): Promise<TreeChange[]> {
  const file = await open(changesDisk, 'r');
  try {
    const run = new Application(host, tree, file);
    for await (const entry of readTar(file)) await run.apply(entry);
    await run.finish();
    return run.changes;
  } finally {
    await file.close();
  }
}

class Application {
  readonly changes: TreeChange[] = [];
  readonly #host: Host;
  readonly #tree: string;
  readonly #file: FileHandle;
  readonly #whiteouts = new Set<string>();
  readonly #folderTimes = new Map<string, number>();
  readonly #xattrs = new Map<string, ReadonlyMap<string, Buffer>>();
  #xattrBytes = 0;
  #entries = 0;

  constructor(host: Host, tree: string, file: FileHandle) {
    this.#host = host;
    this.#tree = tree;
    this.#file = file;
  }

  async apply(entry: TarEntry): Promise<void> {
    const path = treePath(entry.name);
    this.#entries += 1;
    if (this.#entries > maxEntries) throw tooMany();
    if (path === '/') return;
    refuseUnsupported(path, entry);
    const place = pathBelow(this.#tree, path);
    if (this.#isWhiteout(path, entry)) await this.#remove(path, place);
    else if (entry.type === 'directory') await this.#folder(path, place, entry);
    else await this.#leaf(path, place, entry);
    if (this.#xattrBytes > maxXattrBytes) await this.#setXattrs();
  }

  /** Sets what can only be set when everything is in place: attributes, and the times of folders. */
  async finish(): Promise<void> {
    await this.#setXattrs();
    for (const [place, mtime] of this.#folderTimes) {
      if (lstatOrUndefined(place, place)?.isDirectory()) await lutimes(place, mtime, mtime);
    }
  }

  async #setXattrs(): Promise<void> {
    await setXattrs(this.#host, this.#xattrs);
    this.#xattrs.clear();
    this.#xattrBytes = 0;
  }

  #isWhiteout(path: string, entry: TarEntry): boolean {
    const marked =
      (entry.type === 'char' && entry.major === 0 && entry.minor === 0) ||
      // The kernel creates one whiteout and hard links to it, and tar keeps them as hard links.
      (entry.type === 'hard-link' && this.#whiteouts.has(treePath(entry.linkName)));
    if (marked) this.#whiteouts.add(path);
    else this.#whiteouts.delete(path);
    return marked;
  }

  async #remove(path: string, place: string): Promise<void> {
    if (lstatBelow(this.#tree, path) === undefined) return;
    await this.#clear(place);
    this.changes.push({ path, change: 'removed' });
  }

  async #folder(path: string, place: string, entry: TarEntry): Promise<void> {
    let before = lstatBelow(this.#tree, path);
    if (before !== undefined && !before.isDirectory()) {
      await this.#clear(place);
      this.changes.push({ path, change: 'changed' });
      before = undefined;
      await mkdir(place, { mode: 0o700 });
    } else if (before === undefined) {
      await mkdir(place, { mode: 0o700 });
      this.changes.push({ path, change: 'added' });
    } else {
      if (entry.xattrs.get(`${overlay}opaque`)?.toString() === 'y') await this.#empty(path, place);
      const same =
        before.uid === entry.uid && before.gid === entry.gid && (before.mode & 0o7777) === entry.mode;
      if (!same) this.changes.push({ path, change: 'changed' });
    }
    await lchown(place, entry.uid, entry.gid);
    await chmod(place, entry.mode);
    this.#folderTimes.set(place, entry.mtime);
    this.#keepXattrs(place, entry);
  }

  async #empty(path: string, place: string): Promise<void> {
    for (const name of (await readdir(place)).sort())
      await this.#remove(`${path}/${name}`, join(place, name));
  }

  async #leaf(path: string, place: string, entry: TarEntry): Promise<void> {
    const before = lstatBelow(this.#tree, path);
    const target = entry.type === 'hard-link' ? this.#linkTarget(path, entry) : '';
    if (before !== undefined) await this.#clear(place);
    this.changes.push({ path, change: before === undefined ? 'added' : 'changed' });
    if (entry.type === 'hard-link') {
      await link(target, place);
      return;
    }
    if (entry.type === 'file') await this.#write(place, entry);
    else if (entry.type === 'symlink') await symlink(entry.linkName, place);
    else await this.#node(place, entry);
    await lchown(place, entry.uid, entry.gid);
    // After the owner, because a change of owner clears set-id bits and capabilities (chown(2)).
    if (entry.type !== 'symlink') await chmod(place, entry.mode);
    await lutimes(place, entry.mtime, entry.mtime);
    this.#keepXattrs(place, entry);
  }

  #linkTarget(path: string, entry: TarEntry): string {
    const target = pathBelow(this.#tree, treePath(entry.linkName));
    const found = lstatBelow(this.#tree, treePath(entry.linkName));
    if (found === undefined || found.isDirectory() || target === join(this.#tree, path)) {
      throw new IngotError({
        code: 'wrong-export',
        message: `The build guest exported ${path} as a hard link to ${entry.linkName}, which is not a file of the export.`,
      });
    }
    return target;
  }

  async #write(place: string, entry: TarEntry): Promise<void> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const out = await open(place, flags, 0o600);
    try {
      const buffer = Buffer.allocUnsafe(Math.min(entry.size, 1024 * 1024));
      for (let done = 0; done < entry.size;) {
        const want = Math.min(buffer.length, entry.size - done);
        const { bytesRead } = await this.#file.read(buffer, 0, want, entry.offset + done);
        if (bytesRead === 0)
          throw new IngotError({ code: 'wrong-export', message: `The export ends within ${place}.` });
        await out.writeFile(buffer.subarray(0, bytesRead));
        done += bytesRead;
      }
    } finally {
      await out.close();
    }
  }

  async #node(place: string, entry: TarEntry): Promise<void> {
    const letter = entry.type === 'fifo' ? 'p' : entry.type === 'char' ? 'c' : 'b';
    const device = letter === 'p' ? [] : [String(entry.major), String(entry.minor)];
    await this.#host.run('mknod', ['--mode=0600', '--', place, letter, ...device]);
  }

  #keepXattrs(place: string, entry: TarEntry): void {
    const kept = [...entry.xattrs].filter(
      ([name]) => /^(security|user|trusted)\./.test(name) && !name.startsWith(overlay),
    );
    if (kept.length > 0) this.#xattrs.set(place, new Map(kept));
    else this.#xattrs.delete(place);
    for (const [name, value] of kept) this.#xattrBytes += place.length + name.length + value.length;
  }

  /** Removes whatever is at `place`, and discards what was to be set on it or below it. */
  async #clear(place: string): Promise<void> {
    await rm(place, { recursive: true, force: true });
    for (const known of [this.#folderTimes, this.#xattrs]) {
      for (const key of known.keys()) if (key === place || key.startsWith(`${place}/`)) known.delete(key);
    }
  }
}

function tooMany(): IngotError {
  return new IngotError({
    code: 'wrong-export',
    message: `The build guest exported more than ${maxEntries} paths.`,
    hint: "A step of images/ writes too many files: look at the end of the guest's console log.",
  });
}

function refuseUnsupported(path: string, entry: TarEntry): void {
  if ([...entry.xattrs.keys()].some((key) => key.startsWith('system.posix_acl_'))) {
    throw new IngotError({
      code: 'wrong-export',
      message: `A step set an access-control list on ${path}, which a root of squashfs cannot hold.`,
      hint: 'Give it an owner, a group and a mode in the step; what is needed at run time is set by a file of /etc/tmpfiles.d.',
    });
  }
  const name = unsupportedXattrs.find((key) => entry.xattrs.has(key));
  if (name === undefined) return;
  throw new IngotError({
    code: 'wrong-export',
    message: `The build guest exported ${path} with ${name}: its content is elsewhere.`,
    hint: 'The guest has to mount its overlay with redirect_dir=off,metacopy=off.',
  });
}
