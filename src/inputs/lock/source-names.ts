import type { AptSource } from '../plan/plan.ts';
import { aptUrl, encodePath } from '../url/canonical-url.ts';
import { localSource } from './lock.ts';

/** One suite of one address, under its name in a lock. */
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

/** Converts a suite to a name. The suite of a flat repository without a folder has no usable name. */
function nameOf(suite: string): string {
  const words = suite.split('/').filter((word) => word !== '' && word !== '.');
  return words.length === 0 ? 'flat' : words.join('-');
}

/**
 * Names every suite of every address without its host: after its label in the spec (mesos), else after the suite. A
 * number is appended if a name is already taken. The order is apt's.
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
 * Returns the URLs at which a source may have the file of a locked package. In a flat repository (a suite that ends in
 * a slash) the path is relative to the source, as apt reads it, or relative to the folder of the suite, as authors who
 * create an index in that folder mean it.
 */
export function fileUrls(source: NamedSource, path: string): string[] {
  const quoted = encodePath(path.replace(/^\.\//, ''));
  const suite = source.suite.replace(/^\.?\//, '');
  const folders = source.suite.endsWith('/') && suite !== '' ? ['', suite] : [''];
  // With "file" apt leaves a link to the file, which ingot must not keep; with "copy" it copies the bytes.
  return folders.map((folder) => aptUrl(`${source.uri}${folder}${quoted}`).replace(/^file:/, 'copy:'));
}

/**
 * Returns the names of the sources that belong to the distribution: those that the spec does not name for Mesos or
 * Marathon.
 */
export function distributionSources(sources: readonly AptSource[]): ReadonlySet<string> {
  const own = nameSources(sources).filter(({ source }) => source.label === undefined);
  return new Set(own.map(({ name }) => name));
}
