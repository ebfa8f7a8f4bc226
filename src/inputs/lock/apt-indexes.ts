import { readFile } from 'node:fs/promises';
import { IngotError } from '../../host/ingot-error.ts';
import type { IndexTarget } from './index-targets.ts';
import { type Stanza, stanzasNamed } from './stanzas.ts';

/** An index that apt has read, and the source that it belongs to. */
export interface AptIndex {
  readonly source: string;
  /** The text of its Packages file. */
  readonly packages: Buffer;
}

/** A package as a source offers it. */
export interface Offer {
  readonly source: string;
  readonly stanza: Stanza;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly sha256: string;
  readonly size: number;
  /** Relative to the source. */
  readonly path: string;
}

/** A package that apt's simulation chose. */
export interface ChosenPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Reads the lists of packages. */
export async function readIndexes(targets: readonly IndexTarget[]): Promise<AptIndex[]> {
  return Promise.all(targets.map(async ({ source, file }) => ({ source, packages: await readFile(file) })));
}

function offerOf(source: string, stanza: Stanza): Offer {
  return {
    source,
    stanza,
    name: stanza.field('Package') ?? '',
    version: stanza.field('Version') ?? '',
    architecture: stanza.field('Architecture') ?? '',
    sha256: stanza.field('SHA256') ?? '',
    size: Number(stanza.field('Size') ?? '0'),
    path: (stanza.field('Filename') ?? '').replace(/^\.\//, ''),
  };
}

const keyOf = ({ name, version, architecture }: ChosenPackage): string =>
  `${name} ${version} ${architecture}`;

/**
 * Finds the chosen packages in the indexes. If several sources have the same file, the first one counts.
 * @throws IngotError wrong-source if two sources have different bytes for the same version, or if a source has no
 * SHA-256
 */
export function findOffers(indexes: readonly AptIndex[], chosen: readonly ChosenPackage[]): Offer[] {
  const names = new Set(chosen.map(({ name }) => name));
  const wanted = new Set(chosen.map(keyOf));
  const found = new Map<string, Offer[]>();
  for (const { source, packages } of indexes) {
    for (const stanza of stanzasNamed(packages, names)) {
      const offer = offerOf(source, stanza);
      const key = keyOf(offer);
      if (wanted.has(key)) found.set(key, [...(found.get(key) ?? []), offer]);
    }
  }
  refuseDoubtful([...found.values()]);
  return chosen.map((one) => {
    const [offer] = found.get(keyOf(one)) ?? [];
    if (offer === undefined) throw new Error(`no index has ${keyOf(one)}`);
    return offer;
  });
}

function refuseDoubtful(offers: readonly (readonly Offer[])[]): void {
  const doubtful = offers.filter((same) => new Set(same.map(({ sha256 }) => sha256)).size > 1);
  if (doubtful.length > 0)
    throw new IngotError({
      code: 'wrong-source',
      message: 'sources offer different files under the same name and version:',
      excerpt: doubtful.flatMap((same) => [
        `${same[0]?.name ?? ''} ${same[0]?.version ?? ''}`,
        ...same.map(({ source, sha256 }) => `  ${source}: ${sha256}`),
      ]),
      hint: 'one of them is wrong: remove that source, or have its package built with a different version',
    });
  const unhashed = offers.flat().filter(({ sha256 }) => sha256 === '');
  if (unhashed.length > 0)
    throw new IngotError({
      code: 'wrong-source',
      message: 'a source has no SHA-256 for its packages:',
      excerpt: unhashed.map(({ name, version, source }) => `${name} ${version} (from ${source})`),
      hint: 'its index must be made again with SHA256 fields (apt-ftparchive(1), dpkg-scanpackages(1))',
    });
}
