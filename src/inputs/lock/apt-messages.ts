import { canonicalUrl } from '../url/canonical-url.ts';
import type { NamedSource } from './source-names.ts';

/** What apt reported about one source that it could not read or trust. */
export interface SourceMessages {
  /** Undefined if apt does not name one. */
  readonly source: NamedSource | undefined;
  readonly text: string;
}

/**
 * Returns the source with an address and a suite as apt prints them in a line: "URI SUITE …", or the URL of a file of
 * the source.
 */
function sourceIn(text: string, sources: readonly NamedSource[]): NamedSource | undefined {
  const [uri = '', suite = ''] = text.split(' ');
  const at = canonicalUrl(uri);
  const below = sources.filter((one) => {
    const own = canonicalUrl(one.uri);
    return at === own || at.startsWith(`${own}/`);
  });
  const file = (one: NamedSource) =>
    at.startsWith(`${canonicalUrl(`${one.uri}${one.suite.endsWith('/') ? '' : 'dists/'}${one.suite}`)}/`);
  return (
    below.find((one) => suite === one.suite || suite.startsWith(`${one.suite}/`)) ??
    below.find(file) ??
    below[0]
  );
}

const lines: readonly RegExp[] = [
  /^[EW]: GPG error: (.*?): (.*)$/,
  /^[EW]: (?:An error occurred during the signature verification\. .*) GPG error: (.*?): (.*)$/,
  /^[EW]: Failed to fetch (\S+) +(.*)$/,
  /^E: Release file for (\S+) (is .*)$/,
  /^E: The repository '(.*?)' (.*)$/,
];

/**
 * Splits the output of `apt-get update` by source: what its queue reports for each item ("Err:3 URI SUITE NAME", then
 * the reason), its warnings and its errors.
 */
export function messagesBySource(output: string, sources: readonly NamedSource[]): SourceMessages[] {
  const found: SourceMessages[] = [];
  const all = output.split('\n');
  for (const [index, line] of all.entries()) {
    const [, item] = /^Err:\d+ (.*)$/.exec(line) ?? [];
    if (item !== undefined) {
      const reason: string[] = [];
      for (let next = index + 1; /^ {2,}\S/.test(all[next] ?? ''); next++)
        reason.push((all[next] ?? '').trim());
      if (reason.length > 0) found.push({ source: sourceIn(item, sources), text: reason.join(' ') });
      continue;
    }
    for (const pattern of lines) {
      const [, place, text] = pattern.exec(line) ?? [];
      if (place === undefined || text === undefined) continue;
      found.push({ source: sourceIn(place, sources), text });
      break;
    }
  }
  return found;
}
