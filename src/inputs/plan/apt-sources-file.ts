import { isFlat } from '../cluster-spec/flat-rules.ts';
import { aptUrl } from '../url/canonical-url.ts';
import type { AptSource } from './plan.ts';

/**
 * Formats the values of a field that deb822 separates by blanks. A value with a blank or a newline would be read as
 * two.
 */
function words(field: string, values: readonly string[]): string {
  const broken = values.find((value) => value === '' || /[\s\p{Cc}]/u.test(value));
  if (broken !== undefined) throw new Error(`${field} cannot hold ${JSON.stringify(broken)}`);
  return `${field}: ${values.join(' ')}`;
}

function stanza(source: AptSource, suites: readonly string[]): string {
  return [
    'Types: deb',
    words('URIs', source.uris.map(aptUrl)),
    words('Suites', suites),
    ...(suites.some(isFlat) || source.components.length === 0
      ? []
      : [words('Components', source.components)]),
    ...(source.trusted === undefined ? [] : ['Trusted: yes']),
    ...(source.validUntil === undefined ? [] : ['Check-Valid-Until: no']),
    ...(source.signedBy === undefined ? [] : [words('Signed-By', [source.signedBy])]),
  ].join('\n');
}

/**
 * Formats sources as a deb822 text that apt and mmdebstrap read (sources.list(5), "DEB822-STYLE FORMAT"). Flat
 * repositories get separate stanzas, because they have no components.
 * @param sources the paths of keys must not contain blanks
 */
export function aptSourcesFile(sources: readonly AptSource[]): string {
  return sources
    .flatMap((source) =>
      [source.suites.filter((suite) => !isFlat(suite)), source.suites.filter(isFlat)]
        .filter((suites) => suites.length > 0)
        .map((suites) => stanza(source, suites)),
    )
    .join('\n\n')
    .concat('\n');
}
