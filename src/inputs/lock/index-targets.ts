import { basename, dirname, join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { sameUrl } from '../url/canonical-url.ts';
import type { AptFolder } from './apt-folder.ts';
import type { NamedSource } from './source-names.ts';

/** A list of packages that apt has read. */
export interface IndexTarget {
  /** Name of the source it is of. */
  readonly source: string;
  /** Absolute. */
  readonly file: string;
  /** Absolute, without the name: what apt read of the source's release is there as InRelease, or Release and Release.gpg. */
  readonly release: string;
}

/** Whether an address and a suite, as apt reports them, are those of a source; it reports the suite / as none. */
function isOf(source: NamedSource, uri: string, suite: string): boolean {
  return source.suite === (suite === '' ? '/' : suite) && sameUrl(source.uri, uri);
}

/** The end of the name of a list: apt's URItoFileName of the path below the folder of the Release file. */
function listEnd(metaKey: string): string {
  return metaKey
    .replaceAll(/[\\|{}[\]<>"^~_=!@#$%&*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
    .replaceAll('/', '_');
}

/**
 * The lists that apt has read, in its order.
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
    // apt names a compressed list with its ending.
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
