/**
 * Returns a matcher for a glob of drift.d and protected.yaml: `*` and `?` match within a name, `**` matches any depth
 * (node-tools/ingot_node/drift/patterns.py).
 */
export function pathGlob(glob: string): (path: string) => boolean {
  const means: Readonly<Record<string, string>> = { '**': '.*', '*': '[^/]*', '?': '[^/]' };
  const source = glob.replace(/\*\*|[*?]|[\\^$.|+()[\]{}]/g, (part) => means[part] ?? `\\${part}`);
  const pattern = new RegExp(`^${source}$`, 's');
  return (path) => pattern.test(path);
}
