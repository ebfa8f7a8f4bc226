/** Returns each folder above an absolute path, the nearest first, without the root. */
export function above(path: string): readonly string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, names.length - index).join('/')}`);
}
