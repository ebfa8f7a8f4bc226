import { licencesIn } from './licences.ts';
import { spdxId } from './spdx.ts';

/** A licence in CycloneDX's format: an SPDX identifier, or a name if SPDX has none. */
export interface Licence {
  readonly license: { readonly id: string } | { readonly name: string };
}

/** The value for a package that states no licence (SPDX 2.3, "Package licence"). */
const notStated = 'NOASSERTION';

/**
 * Returns the licences of a package, at least one, in a fixed order.
 * @param copyright the text of its copyright file; undefined if it has none
 */
export function licenceList(name: string, copyright: string | undefined): Licence[] {
  if (copyright === undefined) return [{ license: { name: notStated } }];
  const { short, texts, complete } = licencesIn(copyright);
  const ids = new Set(short.flatMap((one) => spdxId(one) ?? []));
  const others = [...short.filter((one) => spdxId(one) === undefined), ...texts];
  if (!complete) others.push(`see /usr/share/doc/${name}/copyright`);
  return [
    ...[...ids].sort().map((id) => ({ license: { id } })),
    ...others.map((one) => ({ license: { name: one } })),
  ];
}
