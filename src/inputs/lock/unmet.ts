import type { AptIndex } from './apt-indexes.ts';
import { compareDebianVersions } from './compare-versions.ts';
import { acceptsVersion, readRelations, type Relation } from './relations.ts';
import { type Stanza, stanzaOf } from './stanzas.ts';

/** A package of a source, with the fields that dependencies need. */
interface Candidate {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly stanza: Stanza;
}

/** A dependency that nothing in the sources meets. */
export interface Unmet {
  /** The package that depends on it. */
  readonly of: { readonly name: string; readonly version: string; readonly source: string };
  /** Any one of these would be enough. */
  readonly alternatives: readonly Relation[];
  /** Versions of the alternatives that the sources have, although not the required ones: "libcurl4 7.88.1-10". */
  readonly found: readonly string[];
  /** The packages through which it is reached, if the dependency is not direct. */
  readonly through: readonly string[];
}

/**
 * Everything that sources offer: packages by name, and packages by the names that they provide, with the version of
 * each if it has one.
 */
interface Catalogue {
  readonly byName: ReadonlyMap<string, readonly Candidate[]>;
  readonly byProvided: ReadonlyMap<string, readonly (readonly [Candidate, string | undefined])[]>;
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function catalogueOf(indexes: readonly AptIndex[]): Catalogue {
  const byName = new Map<string, Candidate[]>();
  const byProvided = new Map<string, [Candidate, string | undefined][]>();
  for (const { source, packages } of indexes)
    for (const text of packages.toString('utf8').split(/\n{2,}/)) {
      const stanza = stanzaOf(text);
      const name = stanza.field('Package');
      if (name === undefined) continue;
      const one = { name, version: stanza.field('Version') ?? '', source, stanza };
      add(byName, name, one);
      for (const [provided] of readRelations(stanza.field('Provides')))
        if (provided !== undefined) add(byProvided, provided.name, [one, provided.version?.than]);
    }
  return { byName, byProvided };
}

/**
 * Returns the packages that satisfy a relation. A relation with a version is satisfied only by a Provides with a
 * version (Debian policy 7.5).
 */
function candidatesFor(relation: Relation, { byName, byProvided }: Catalogue): Candidate[] {
  const own = (byName.get(relation.name) ?? []).filter(({ version }) => acceptsVersion(relation, version));
  const provided = (byProvided.get(relation.name) ?? []).filter(([, version]) =>
    version === undefined ? relation.version === undefined : acceptsVersion(relation, version),
  );
  return [...own, ...provided.map(([one]) => one)];
}

const needsOf = ({ stanza }: Candidate): Relation[][] => [
  ...readRelations(stanza.field('Pre-Depends')),
  ...readRelations(stanza.field('Depends')),
];

interface UnmetSearch {
  readonly catalogue: Catalogue;
  readonly seen: Map<Candidate, readonly Unmet[]>;
}

/**
 * Finds the unmet dependencies of a package. A package that is already being checked counts as met, so that cycles end.
 */
function searchUnmet(
  one: Candidate,
  of: Unmet['of'],
  through: readonly string[],
  search: UnmetSearch,
): readonly Unmet[] {
  const { catalogue, seen } = search;
  const before = seen.get(one);
  if (before !== undefined) return before;
  seen.set(one, []);
  const unmet = needsOf(one).flatMap((alternatives): readonly Unmet[] => {
    const candidates = alternatives.flatMap((relation) => candidatesFor(relation, catalogue));
    const found = alternatives.flatMap(({ name }) =>
      (catalogue.byName.get(name) ?? []).map(({ version }) => `${name} ${version}`),
    );
    if (candidates.length === 0) return [{ of, alternatives, found: [...new Set(found)], through }];
    const below = candidates.map((next) =>
      searchUnmet(next, of, [...through, `${next.name} ${next.version}`], search),
    );
    return below.some((faults) => faults.length === 0) ? [] : (below[0] ?? []);
  });
  seen.set(one, unmet);
  return unmet;
}

/**
 * Returns the dependencies that no source meets, to explain why apt finds no solution. Conflicts between packages are
 * not considered.
 * @param wanted names, or name=version; patterns are ignored
 */
export function unmetOf(indexes: readonly AptIndex[], wanted: readonly string[]): Unmet[] {
  const catalogue = catalogueOf(indexes);
  const seen = new Map<Candidate, readonly Unmet[]>();
  return wanted.flatMap((one) => {
    const [name = '', version] = one.split('=');
    const all = (catalogue.byName.get(name) ?? []).filter(
      (each) => version === undefined || each.version === version,
    );
    const [newest] = all.toSorted((a, b) => compareDebianVersions(b.version, a.version));
    if (newest === undefined) return [];
    return searchUnmet(newest, { name, version: newest.version, source: newest.source }, [], {
      catalogue,
      seen,
    });
  });
}
