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

/**
 * Where a source may have the file of a locked package. In a flat repository (a suite that ends in a slash) that is below the source, as apt reads it,
 * or below the folder of the suite, as those mean it who make an index in that folder.
 */
export function fileUrls(source: NamedSource, path: string): string[] {
  const quoted = encodePath(path.replace(/^\.\//, ''));
  const suite = source.suite.replace(/^\.?\//, '');
  const folders = source.suite.endsWith('/') && suite !== '' ? ['', suite] : [''];
  // By "file" apt leaves a link to the file, which is not ours to keep; by "copy" the bytes.
  return folders.map((folder) => aptUrl(`${source.uri}${folder}${quoted}`).replace(/^file:/, 'copy:'));
}

/** The names of the sources that are the distribution's own: those that the spec does not name for Mesos or Marathon. */
export function distributionSources(sources: readonly AptSource[]): ReadonlySet<string> {
  const own = nameSources(sources).filter(({ source }) => source.label === undefined);
  return new Set(own.map(({ name }) => name));
}
