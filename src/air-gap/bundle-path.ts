/** The longest path in a bundle, in bytes: it has to fit below any folder (PATH_MAX of Linux is 4096). */
const longest = 1024;

/**
 * Whether a path may be in a bundle: relative, without "." or "..", of printable characters. No such path leads out of
 * the folder into which it is unpacked.
 */
export function isBundlePath(path: string): boolean {
  if (path === '' || Buffer.byteLength(path) > longest || /[\p{C}\p{Zl}\p{Zp}\\]/u.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 255);
}

/** A path that is both a file and a folder above another file; undefined if there is none. */
export function fileAndFolder(paths: Iterable<string>): string | undefined {
  const all = new Set(paths);
  return [...all].find((path) => {
    const parts = path.split('/');
    return parts.slice(1).some((_, end) => all.has(parts.slice(0, end + 1).join('/')));
  });
}
