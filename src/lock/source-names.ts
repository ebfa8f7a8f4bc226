import type { AptSource } from '../plan/plan.ts';
import { aptUrl, encodePath } from '../url/canonical-url.ts';
import { localSource } from './lock.ts';

/** One suite of one address, under the name by which a lock knows it. */
export interface NamedSource {
  readonly name: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** With a slash at its end. */
  readonly uri: string;
  readonly source: AptSource;
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}

/** A suite as a name; that of a flat repository without a folder says nothing. */
function nameOf(suite: string): string {
  const words = suite.split('/').filter((word) => word !== '' && word !== '.');
  return words.length === 0 ? 'flat' : words.join('-');
}

/**
 * Names every suite of every address without its host: after what the spec calls it (mesos), else after the suite; a number follows
 * where a name would stand twice. The order is apt's.
 */
export function nameSources(sources: readonly AptSource[]): NamedSource[] {
  const taken = new Set<string>([localSource]);
  const free = (wanted: string): string => {
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
    taken.add(name);
    return name;
  };
  return sources.flatMap((source) =>
    source.uris.flatMap((uri) =>
      source.suites.map((suite) => ({
        name: free(source.label ?? nameOf(suite)),
        suite,
        components: source.components,
        uri: withSlash(uri),
        source,
      })),
    ),
  );
}

/** Where a source has the file of a locked package; in a flat repository (a suite that ends in a slash) below the suite's folder. */
export function fileUrl(source: NamedSource, path: string): string {
  const flat = source.suite.endsWith('/') && source.suite !== '/' && source.suite !== './';
  // Paths of an index are plain text; apt quotes them as it builds the address, the plus sign too.
  const quoted = encodePath(path.replace(/^\.\//, ''));
  const url = aptUrl(`${source.uri}${flat ? source.suite.replace(/^\.?\//, '') : ''}${quoted}`);
  // By "file" apt leaves a link to the file, which is not ours to keep; by "copy" the bytes.
  return url.replace(/^file:/, 'copy:');
}

/** The names of the sources that are the distribution's own: those that the spec does not name for Mesos or Marathon. */
export function distributionSources(sources: readonly AptSource[]): ReadonlySet<string> {
  const own = nameSources(sources).filter(({ source }) => source.label === undefined);
  return new Set(own.map(({ name }) => name));
}
