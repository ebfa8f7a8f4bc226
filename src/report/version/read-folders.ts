import type { ManifestEntry } from '../../version/manifest.ts';
import { openManifest, parseJson } from '../../version/read-manifest.ts';
import type { Group } from '../look/treemap.ts';

/** The folder of a path: of "/usr/lib/jvm/java/x" the group "/usr/lib" and the leaf "jvm"; files count for "files". */
function placeOf(path: string): readonly [group: string, leaf: string] {
  const [, first = '', second, third, ...below] = path.split('/');
  if (second === undefined) return ['/', 'files'];
  const depth = first === 'usr' || first === 'var' ? 2 : 1;
  if (depth === 1) return [`/${first}`, third === undefined ? 'files' : second];
  if (third === undefined) return [`/${first}`, 'files'];
  return [`/${first}/${second}`, below.length === 0 ? 'files' : third];
}

/**
 * Adds up the sizes of the files of a root by folder, before compression.
 * @param file absolute path of a manifest; a hard link counts once
 * @throws IngotError not-a-version if it is not a manifest
 */
export async function folderSizes(file: string): Promise<Group[]> {
  const sums = new Map<string, Map<string, number>>();
  const { lines } = await openManifest(file);
  for await (const text of lines) {
    const { path, size, hardLink } = parseJson(text, file) as ManifestEntry;
    if (size === undefined || size === 0 || hardLink !== undefined) continue;
    const [group, leaf] = placeOf(path);
    const leaves = sums.get(group) ?? new Map<string, number>();
    leaves.set(leaf, (leaves.get(leaf) ?? 0) + size);
    sums.set(group, leaves);
  }
  return [...sums].map(([name, leaves]) => ({
    name,
    leaves: [...leaves].map(([leaf, size]) => ({ name: leaf, size })),
  }));
}
