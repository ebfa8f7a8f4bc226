import { compareSorted, type SortedList } from './compare-sorted.ts';
import { differentFacts, factsOf } from './facts.ts';
import { openManifest, parseJson } from './read-manifest.ts';
import type { FieldDifference, PathDifferences } from './version-difference.ts';

export interface ManifestComparison {
  readonly head: readonly FieldDifference[];
  readonly root: PathDifferences;
}

/** Compares two manifests path by path, as streams. Throws an IngotError when one is not a manifest. */
export async function compareManifests(storedFile: string, madeFile: string): Promise<ManifestComparison> {
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
  const root = await compareSorted(list(stored.lines, storedFile), list(made.lines, madeFile));
  return { head: differentFacts(stored.head, made.head), root };
}
