import type { AptSource } from './plan.ts';

/** Sources as a deb822 text that apt and mmdebstrap read (sources.list(5), "DEB822-STYLE FORMAT"). */
export function aptSourcesFile(sources: readonly AptSource[]): string {
  return sources
    .map((source) =>
      [
        'Types: deb',
        `URIs: ${source.uris.join(' ')}`,
        `Suites: ${source.suites.join(' ')}`,
        ...(source.components.length === 0 ? [] : [`Components: ${source.components.join(' ')}`]),
        ...(source.trusted === undefined ? [] : ['Trusted: yes']),
        ...(source.signedBy === undefined ? [] : [`Signed-By: ${source.signedBy}`]),
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}
