import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Characters that no program treats as special. QEMU splits options at commas; ssh expands %, ~ and ${; Packer expands
 * {{ and patterns.
 */
const plain = /^\/[A-Za-z0-9/._-]+$/;

/** The maximum length in bytes of a path that apt can turn, with the path below it, into one file name. */
export const maxPathBytes = 128;

/**
 * Whether this absolute path needs no quoting in any program: apt.conf, deb822, URLs, sh, tar, QEMU's options,
 * ssh_config and HCL.
 */
export const isPlainPath = (path: string): boolean => plain.test(path);

/** A folder under a path that needs no quoting. */
export interface PlainFolder {
  /** Absolute. */
  readonly path: string;
  /** Invalidates the path; the folder remains. */
  readonly close: () => Promise<void>;
}

/**
 * Returns a path of a folder in which nothing has to be quoted or escaped. It is the folder's own path if that is plain
 * and short. If not, it is the path of our open file descriptor (proc(5), /proc/PID/fd), which programs that we start
 * can use until it is closed.
 * @param folder absolute; must exist
 * @param longest maximum length in bytes of the folder's own path
 */
export async function openPlainFolder(folder: string, longest = maxPathBytes): Promise<PlainFolder> {
  if (isPlainPath(folder) && Buffer.byteLength(folder) <= longest)
    return { path: folder, close: () => Promise.resolve() };
  const handle = await open(folder, 'r');
  return { path: `/proc/${process.pid}/fd/${handle.fd}`, close: () => handle.close() };
}

/** Substitutes for paths that a program would misread. */
export interface PlainPaths {
  /**
   * The path itself if it needs no quoting; if not, a path of the same file through one of our descriptors. Its folder
   * must exist.
   */
  readonly of: (path: string) => string;
  /** Invalidates the substitutes. */
  readonly close: () => void;
}

/** Opens nothing yet: each folder is opened when a path in it is requested. */
export function plainPaths(): PlainPaths {
  const folders = new Map<string, number>();
  return {
    of: (path) => {
      if (isPlainPath(path)) return path;
      const folder = dirname(path);
      const descriptor = folders.get(folder) ?? openSync(folder, 'r');
      folders.set(folder, descriptor);
      return join(`/proc/${process.pid}/fd/${descriptor}`, basename(path));
    },
    close: () => {
      for (const descriptor of folders.values()) closeSync(descriptor);
      folders.clear();
    },
  };
}
