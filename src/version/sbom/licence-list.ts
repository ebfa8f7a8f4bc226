import { licencesIn } from './licences.ts';
import { spdxId } from './spdx.ts';

/** A licence as CycloneDX has it: an SPDX identifier, or a name where SPDX has none. */
export interface Licence {
  readonly license: { readonly id: string } | { readonly name: string };
}

/** What stands for the licence of a package that states none (SPDX 2.3, "Package licence"). */
const notStated = 'NOASSERTION';

/**
 * The licences of a package, at least one, in a fixed order.
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
