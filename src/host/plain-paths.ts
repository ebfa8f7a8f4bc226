import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Every program takes these for nothing but themselves: QEMU splits options at commas, ssh expands %, ~ and ${, Packer reads {{ and patterns. */
const plain = /^\/[A-Za-z0-9/._-]+$/;

/** Bytes of a path of which, with what is below it, apt can make one file name. */
export const shortEnough = 128;

/** Whether every program can be given this absolute path as it is: in apt.conf, deb822, URLs, sh, tar, QEMU's options, ssh_config and HCL. */
export const isPlainPath = (path: string): boolean => plain.test(path);

/** A folder under a name that every program takes. */
export interface PlainFolder {
  /** Absolute. */
  readonly path: string;
  /** Ends the name; the folder stays. */
  readonly close: () => Promise<void>;
}

/**
 * A name for a folder in which nothing has to be quoted or escaped: its own path where that is plain and short; else that of our open file descriptor
 * (proc(5), /proc/PID/fd), which programs that we start can open as long as it is not closed.
 * @param folder absolute; must exist
 * @param longest bytes that its own path may have
 */
export async function openPlainFolder(folder: string, longest = shortEnough): Promise<PlainFolder> {
  if (isPlainPath(folder) && Buffer.byteLength(folder) <= longest)
    return { path: folder, close: () => Promise.resolve() };
  const handle = await open(folder, 'r');
  return { path: `/proc/${process.pid}/fd/${handle.fd}`, close: () => handle.close() };
}

/** Other names for paths that a program would take for something else. */
export interface PlainPaths {
  /** The path itself where every program can be given it; else the same file through a descriptor of ours. Its folder must exist. */
  readonly of: (path: string) => string;
  /** From now on the other names lead nowhere. */
  readonly close: () => void;
}

/** Opens nothing yet: each folder is opened when a path in it is asked for. */
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
