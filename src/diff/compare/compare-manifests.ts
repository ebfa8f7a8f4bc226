import { differentFacts, factsOf, type FieldDifference } from '../../version/facts.ts';
import { openManifest, parseJson } from '../../version/read-manifest.ts';
import { compareSorted, eachDifference, type SortedList } from './compare-sorted.ts';
import type { PathDifference, PathDifferences } from './version-difference.ts';

export interface ManifestComparison {
  readonly head: readonly FieldDifference[];
  readonly root: PathDifferences;
}

/**
 * Compares two manifests path by path, as streams.
 * @throws IngotError not-a-version if one is not a manifest
 */
export async function compareManifests(storedFile: string, madeFile: string): Promise<ManifestComparison> {
  const { head, stored, made } = await openBoth(storedFile, madeFile);
  return { head, root: await compareSorted(stored, made) };
}

/** A comparison of two manifests: the differences of their heads, then each path that differs, without a limit. */
export interface ManifestWalk {
  readonly head: readonly FieldDifference[];
  readonly differences: AsyncGenerator<PathDifference, void>;
}

/**
 * Compares two manifests as streams.
 * @param onLine called with the JSON text of each path of either side
 * @throws IngotError not-a-version if one is not a manifest
 */
export async function walkManifests(
  storedFile: string,
  madeFile: string,
  onLine: (line: string, side: 'stored' | 'made') => void,
): Promise<ManifestWalk> {
  const { head, stored, made } = await openBoth(storedFile, madeFile);
  const watched = (list: SortedList, side: 'stored' | 'made'): SortedList => ({
    ...list,
    items: watchedItems(list.items, (line) => {
      onLine(line, side);
    }),
  });
  return { head, differences: eachDifference(watched(stored, 'stored'), watched(made, 'made')) };
}

async function* watchedItems(
  items: AsyncIterator<string, void>,
  onItem: (item: string) => void,
): AsyncGenerator<string, void> {
  for (;;) {
    const item = await items.next();
    if (item.done === true) return;
    onItem(item.value);
    yield item.value;
  }
}

async function openBoth(storedFile: string, madeFile: string) {
  const [stored, made] = [await openManifest(storedFile), await openManifest(madeFile)];
  const list = (items: AsyncIterator<string, void>, file: string): SortedList => ({
    items,
    read: (line) => {
      const facts = factsOf(parseJson(line, file));
      const path = facts.get('path') ?? '';
      facts.delete('path');
      return { path, facts };
    },
  });
  return {
    head: differentFacts(stored.head, made.head),
    stored: list(stored.lines, storedFile),
    made: list(made.lines, madeFile),
  };
}
