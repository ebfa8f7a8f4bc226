import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSorted, keptPaths, type SortedList } from '../../../../src/diff/compare/compare-sorted.ts';

type Tree = Readonly<Record<string, string>>;

/** A list of paths and one fact each, sorted bytewise as a manifest is. */
function listOf(tree: Tree): SortedList {
  const items = Object.entries(tree)
    .map(([path, value]) => ({ path, value }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
    .map((entry) => JSON.stringify(entry));
  return {
    items: (async function* () {
      for (const item of items) yield await Promise.resolve(item);
    })(),
    read: (item) => {
      const { path, value } = JSON.parse(item) as { path: string; value: string };
      return { path, facts: new Map([['value', value]]) };
    },
  };
}

const trees = fc.dictionary(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 3 }),
    fc.constantFrom('\uffff', '\u{10000}', 'a/b', 'a-b', 'a'),
  ),
  fc.constantFrom('1', '2', '3'),
  { noNullPrototype: true },
);

describe('comparing two sorted lists', () => {
  it('finds the same differences as a comparison of every path with every path', async () => {
    await fc.assert(
      fc.asyncProperty(trees, trees, async (stored, made) => {
        const { paths, added, removed, changed } = await compareSorted(listOf(stored), listOf(made));
        const expected = [...new Set([...Object.keys(stored), ...Object.keys(made)])]
          .filter((path) => stored[path] !== made[path])
          .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
          .map((path) => [
            path in stored ? (path in made ? 'changed' : 'removed') : 'added',
            path,
            stored[path],
            made[path],
          ]);
        expect(paths.map((one) => [one.kind, one.path, one.fields[0]?.stored, one.fields[0]?.made])).toEqual(
          expected,
        );
        expect(added + removed + changed).toBe(expected.length);
      }),
    );
  });

  it('counts all differences, and keeps no more than a thousand', async () => {
    const many = Object.fromEntries(Array.from({ length: keptPaths + 5 }, (_, index) => [`p${index}`, 'x']));
    const found = await compareSorted(listOf({}), listOf(many));
    expect(found.added).toBe(keptPaths + 5);
    expect(found.paths).toHaveLength(keptPaths);
  });
});
