import { type Stanza, stanzaOf } from '../../inputs/lock/stanzas.ts';

/** A package that is installed in a root, according to its dpkg. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The maintainer's name, without the address. */
  readonly maintainer: string;
  /** The source package that it was built from. */
  readonly source: { readonly name: string; readonly version: string };
  /** Names of the packages that it needs, including alternatives. */
  readonly needs: readonly string[];
  /** Names of the virtual packages that it provides. */
  readonly provides: readonly string[];
}

/**
 * The names in a relation field, without versions, architectures and the marks between alternatives (deb-control(5),
 * Depends).
 */
function namesIn(field: string | undefined): string[] {
  if (field === undefined) return [];
  return field.split(/[,|]/).flatMap((one) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(one)?.[1] ?? []);
}

/**
 * Parses "glibc (2.36-9)" or "glibc". A package without the field has a source of its own name and version
 * (deb-control(5), Source).
 */
function sourceOf(stanza: Stanza, name: string, version: string): InstalledPackage['source'] {
  const [, source, other] = /^(\S+)(?: \((\S+)\))?$/.exec(stanza.field('Source') ?? '') ?? [];
  return { name: source ?? name, version: other ?? version };
}

function installedOf(stanza: Stanza): InstalledPackage[] {
  const [name, version] = [stanza.field('Package'), stanza.field('Version')];
  const state = stanza.field('Status')?.split(' ')[2];
  if (name === undefined || version === undefined || state !== 'installed') return [];
  return [
    {
      name,
      version,
      architecture: stanza.field('Architecture') ?? 'all',
      maintainer: (stanza.field('Maintainer') ?? '').replace(/ *<[^>]*>$/, ''),
      source: sourceOf(stanza, name, version),
      needs: [...namesIn(stanza.field('Pre-Depends')), ...namesIn(stanza.field('Depends'))],
      provides: namesIn(stanza.field('Provides')),
    },
  ];
}

/** The packages that are installed, from the text of dpkg's status file. */
export function installedPackages(status: string): InstalledPackage[] {
  return status.split(/\n\n+/).flatMap((text) => installedOf(stanzaOf(text)));
}

/**
 * Which of the packages each of them needs. An alternative or a virtual name counts as the package that it resolves to.
 */
export function neededPackages<T extends { readonly installed: InstalledPackage }>(
  packages: readonly T[],
): (readonly [T, readonly T[]])[] {
  const known = new Map<string, T[]>();
  for (const one of packages)
    for (const name of [one.installed.name, ...one.installed.provides])
      known.set(name, [...(known.get(name) ?? []), one]);
  return packages.map((one) => {
    const found = new Set(one.installed.needs.flatMap((name) => known.get(name) ?? []));
    found.delete(one);
    return [one, [...found]];
  });
}
