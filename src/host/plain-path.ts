import { open } from 'node:fs/promises';

/** A folder under a name that every program takes. */
export interface PlainPath {
  /** Absolute. */
  readonly path: string;
  /** Ends the name; the folder stays. */
  readonly close: () => Promise<void>;
}

/** What apt.conf, deb822, URLs, sh and tar all read as it is, and short enough for apt to make one file name of it and what is below it. */
const plain = /^\/[A-Za-z0-9/._-]{0,127}$/;

/**
 * A name for a folder in which nothing has to be quoted or escaped: its own path where that is made of letters, digits, `/`, `.`, `_` and `-` and not
 * long; else that of our open file descriptor (proc(5), /proc/PID/fd), which programs that we start can open as long as it is not closed.
 * @param folder absolute; must exist
 */
export async function openPlainPath(folder: string): Promise<PlainPath> {
  if (plain.test(folder)) return { path: folder, close: () => Promise.resolve() };
  const handle = await open(folder, 'r');
  return { path: `/proc/${process.pid}/fd/${handle.fd}`, close: () => handle.close() };
}
