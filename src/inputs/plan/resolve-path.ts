import { posix } from 'node:path';

/** An absolute path of what is named relative to a folder (absolute itself); an absolute name stays what it is. */
export function resolvePath(folder: string, name: string): string {
  return posix.normalize(posix.isAbsolute(name) ? name : posix.join(folder, name));
}
