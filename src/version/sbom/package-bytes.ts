/**
 * Reads the size in bytes of each regular file of a root.
 * @param listing the output of `unsquashfs -lln -d ''`: mode, owner, size, date, time, path (unsquashfs(1))
 */
export function fileSizes(listing: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const line of listing.split('\n')) {
    const [, size, path] = /^-\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s(\/.*)$/.exec(line) ?? [];
    if (size !== undefined && path !== undefined) sizes.set(path, Number(size));
  }
  return sizes;
}

/**
 * Calculates the size in bytes of a package's files in a root, before compression. Files that were left out of the root
 * are not counted.
 * @param list text of dpkg's list of the package's paths (dpkg-query(1), --listfiles)
 */
export function packageBytes(list: string, sizes: ReadonlyMap<string, number>): number {
  const paths = new Set(list.split('\n').filter((path) => path !== ''));
  // Packages that were built before /usr was merged list /bin/x instead of /usr/bin/x.
  const found = [...paths].map((path) => sizes.get(path) ?? sizes.get(`/usr${path}`) ?? 0);
  return found.reduce((sum, bytes) => sum + bytes, 0);
}
