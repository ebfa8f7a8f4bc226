import { basename, dirname, join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { sameUrl } from '../url/canonical-url.ts';
import type { AptFolder } from './apt-folder.ts';
import type { NamedSource } from './source-names.ts';

/** A list of packages that apt has read. */
export interface IndexTarget {
  /** The name of the source that it belongs to. */
  readonly source: string;
  /** Absolute. */
  readonly file: string;
  /**
   * Absolute prefix of the release files that apt has read for the source. `InRelease`, or `Release` and `Release.gpg`,
   * are appended to it.
   */
  readonly release: string;
}

/**
 * Reports whether an address and a suite, as apt prints them, are those of a source. apt prints the suite / as an empty
 * string.
 */
function isOf(source: NamedSource, uri: string, suite: string): boolean {
  return source.suite === (suite === '' ? '/' : suite) && sameUrl(source.uri, uri);
}

/** Returns the end of the file name of a list: apt's URItoFileName of the path below the folder of the Release file. */
function listEnd(metaKey: string): string {
  return metaKey
    .replaceAll(/[\\|{}[\]<>"^~_=!@#$%&*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
    .replaceAll('/', '_');
}

/**
 * Returns the lists that apt has read, in its order.
 * @throws IngotError wrong-source for a source that has no list for the architecture
 */
export async function indexTargets(apt: AptFolder, sources: readonly NamedSource[]): Promise<IndexTarget[]> {
  const fields = ['CREATED_BY', 'REPO_URI', 'RELEASE', 'METAKEY', 'FILENAME'];
  const format = fields.map((field) => `$(${field})`).join('\t');
  const { stdout } = await apt.run('apt-get', ['indextargets', '--format', format]);
  const targets: IndexTarget[] = [];
  for (const line of stdout.split('\n')) {
    const [createdBy, uri = '', suite = '', metaKey = '', file = ''] = line.split('\t');
    if (createdBy !== 'Packages') continue;
    const source = sources.find((one) => isOf(one, uri, suite));
    // The name of a compressed list ends in its extension.
    const at = basename(file).lastIndexOf(listEnd(metaKey));
    if (source === undefined || at === -1) continue;
    targets.push({ source: source.name, file, release: join(dirname(file), basename(file).slice(0, at)) });
  }
  const without = sources.filter(({ name }) => !targets.some(({ source }) => source === name));
  if (without.length > 0)
    throw new IngotError({
      code: 'wrong-source',
      message: 'a source has no packages for this architecture and these components:',
      excerpt: without.map(({ name, uri, suite, components }) =>
        [`${name}:`, uri, suite, ...components].join(' '),
      ),
      hint: 'look at the Architectures and Components of its Release file',
    });
  return targets;
}
