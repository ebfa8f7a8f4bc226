import { IngotError } from '../../host/ingot-error.ts';

function nameOf(wanted: string): string {
  return wanted.split('=', 1)[0] ?? wanted;
}

/**
 * Returns each package once, sorted by name (by code unit, so the order is the same everywhere). An entry with a
 * version replaces one without.
 * @throws IngotError wrong-spec if two versions of one package are wanted
 */
export function mergePackages(wanted: readonly string[], has: readonly string[] = []): readonly string[] {
  const merged = new Map<string, string>();
  for (const entry of [...has, ...wanted]) {
    const name = nameOf(entry);
    const other = merged.get(name) ?? name;
    if (entry !== name && other !== name && entry !== other)
      throw new IngotError({
        code: 'wrong-spec',
        message: `two versions of one package are wanted: ${other} and ${entry}`,
        hint: 'Name one version in cluster.yaml or in images/.',
      });
    merged.set(name, entry === name ? other : entry);
  }
  const before = new Map(has.map((entry) => [nameOf(entry), entry]));
  return [...merged.keys()]
    .filter((name) => before.get(name) !== merged.get(name))
    .sort()
    .map((name) => merged.get(name) ?? name);
}
