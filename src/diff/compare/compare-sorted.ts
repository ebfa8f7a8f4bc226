import { differentFacts, type Facts } from '../../version/facts.ts';
import type { PathDifference, PathDifferences } from './version-difference.ts';

/** One path with its facts. */
export interface SortedEntry {
  readonly path: string;
  readonly facts: Facts;
}

/**
 * A list sorted by the bytes of its paths, and the function that parses an item. Items with the same text are not
 * parsed.
 */
export interface SortedList {
  readonly items: AsyncIterator<string, void>;
  readonly read: (item: string) => SortedEntry;
}

/** The number of differing paths that are kept; further ones are only counted. */
export const keptPaths = 1000;

/** The difference for a path that exists on only one side. */
function alone(kind: 'added' | 'removed', entry: SortedEntry): PathDifference {
  const side = kind === 'added' ? 'made' : 'stored';
  const fields = [...entry.facts].map(([name, value]) => ({ name, [side]: value }));
  return { path: entry.path, kind, fields };
}

/** Yields the differences between two lists, in their order. One pass holds one item of each list at a time. */
export async function* eachDifference(
  stored: SortedList,
  made: SortedList,
): AsyncGenerator<PathDifference, void> {
  let left = await next(stored);
  let right = await next(made);
  while (left !== undefined || right !== undefined) {
    if (left === right) {
      [left, right] = [await next(stored), await next(made)];
      continue;
    }
    const before = left === undefined ? undefined : stored.read(left);
    const after = right === undefined ? undefined : made.read(right);
    const order = orderOf(before?.path, after?.path);
    if (before !== undefined && after !== undefined && order === 0) {
      yield { path: before.path, kind: 'changed', fields: differentFacts(before.facts, after.facts) };
    } else if (before !== undefined && order < 0) yield alone('removed', before);
    else if (after !== undefined) yield alone('added', after);
    if (order <= 0) left = await next(stored);
    if (order >= 0) right = await next(made);
  }
}

/** Counts all differences of two lists and keeps the first `keptPaths` of them. */
export async function compareSorted(stored: SortedList, made: SortedList): Promise<PathDifferences> {
  const counts = { added: 0, removed: 0, changed: 0 };
  const paths: PathDifference[] = [];
  for await (const difference of eachDifference(stored, made)) {
    counts[difference.kind] += 1;
    if (paths.length < keptPaths) paths.push(difference);
  }
  return { ...counts, paths };
}

async function next(list: SortedList): Promise<string | undefined> {
  const result = await list.items.next();
  return result.done === true ? undefined : result.value;
}

/** Bytewise order, as in manifests; JavaScript's own order differs beyond U+FFFF. A list that has ended comes last. */
function orderOf(left: string | undefined, right: string | undefined): number {
  if (left === undefined) return 1;
  if (right === undefined) return -1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
