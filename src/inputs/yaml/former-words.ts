/** A word in a top-level list of a YAML file that had another name in an earlier version. */
export interface FormerWord {
  /** Key of the list. */
  readonly list: string;
  readonly former: string;
  readonly now: string;
}

/** A former word in a file: its place and its current name. */
export interface FoundWord extends FormerWord {
  readonly path: readonly [string, number];
}

/** Returns the values of a file with former words replaced by current ones, and each word that was replaced. */
export function withCurrentWords(
  value: unknown,
  words: readonly FormerWord[],
): { readonly value: unknown; readonly found: readonly FoundWord[] } {
  if (typeof value !== 'object' || value === null) return { value, found: [] };
  const map = value as Readonly<Record<string, unknown>>;
  const found = words.flatMap((word) => {
    const list = map[word.list];
    if (!Array.isArray(list)) return [];
    return list.flatMap((one, index): FoundWord[] =>
      one === word.former ? [{ ...word, path: [word.list, index] }] : [],
    );
  });
  if (found.length === 0) return { value, found };
  const replaced = Object.fromEntries(
    found.map(({ list }) => [
      list,
      (map[list] as readonly unknown[]).map(
        (one, index) => found.find(({ path }) => path[0] === list && path[1] === index)?.now ?? one,
      ),
    ]),
  );
  return { value: { ...map, ...replaced }, found };
}
