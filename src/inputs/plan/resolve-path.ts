import { posix } from 'node:path';

/** Resolves a name relative to an absolute folder; an absolute name is only normalised. */
export function resolvePath(folder: string, name: string): string {
  return posix.normalize(posix.isAbsolute(name) ? name : posix.join(folder, name));
}
