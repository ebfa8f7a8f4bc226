import { readFile } from 'node:fs/promises';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { signedByOf } from './signed-by.ts';

/** One deb822 stanza of an apt source, as apt reads it (sources.list(5)). */
export interface FoundSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Absolute path of a keyring or armoured key; without it apt uses its own trusted keys. */
  readonly signedBy?: string;
}

/** One index of apt: a component of a suite at an address, and the entry of the sources file that names it. */
interface Target {
  readonly uri: string;
  readonly suite: string;
  readonly component: string;
  /** FILE:NUMBER, where the number is the line of a .list or the stanza of a .sources. */
  readonly entry: string;
}

// The components of Debian itself. A third party with a suite of the same name has other components.
const debianComponents = ['main', 'contrib', 'non-free', 'non-free-firmware'];

const fields = ['CREATED_BY', 'ARCHITECTURE', 'REPO_URI', 'RELEASE', 'COMPONENT', 'SOURCESENTRY'];

async function targets(host: Host, architecture: string): Promise<readonly Target[]> {
  const format = fields.map((field) => `$(${field})`).join('\t');
  // Without release info apt also lists sources that it has not read yet (a machine before its first apt-get update).
  // Without its lists it does not open its cache, which takes 0.4 s.
  const unread = ['--no-release-info', '--option', 'Dir::State::lists=/nonexistent'];
  const { stdout } = await host.run('apt-get', ['indextargets', ...unread, '--format', format]);
  return stdout
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([createdBy, of]) => createdBy === 'Packages' && of === architecture)
    .map(([, , uri = '', suite = '', component = '', entry = '']) => ({ uri, suite, component, entry }))
    .filter(({ uri }) => !uri.startsWith('cdrom:'));
}

async function signedBy(entry: string): Promise<string | undefined> {
  const colon = entry.lastIndexOf(':');
  const file = entry.slice(0, colon);
  const format = file.endsWith('.sources') ? 'sources' : 'list';
  const value = signedByOf(await readFile(file, 'utf8'), Number(entry.slice(colon + 1)), format);
  if (value !== undefined && !/^\/\S+$/.test(value))
    throw new IngotError({
      code: 'wrong-source',
      message: `${file}: the Signed-By of entry ${entry.slice(colon + 1)} is not the path of one key file`,
      hint: 'Put the key into a file and name its path there, or name a source of your own as base.mirror in cluster.yaml.',
    });
  return value;
}

/** The codenames of Debian's releases whose archive has the suites NAME, NAME-updates and NAME-security. */
const debianReleases = ['bullseye', 'bookworm', 'trixie', 'forky'] as const;

/** A suite of another release of Debian → the suite of `wanted` at the same address; undefined for other suites. */
function inRelease(wanted: string, suite: string): string | undefined {
  const release = debianReleases.find((one) => suite === one || suite.startsWith(`${one}-`));
  const kind = release === undefined ? undefined : suite.slice(release.length);
  return kind !== undefined && ['', '-updates', '-security'].includes(kind) ? wanted + kind : undefined;
}

/** The host's mirror of Debian has every release: the entries of one other release, as entries of the wanted one. */
function ofOtherRelease(found: readonly Target[], suite: string): readonly Target[] {
  if (!debianReleases.some((one) => one === suite)) return [];
  const other = debianReleases.findLast((one) => found.some((target) => target.suite === one));
  return found.flatMap((target) => {
    const own =
      other !== undefined && target.suite.startsWith(other) ? inRelease(suite, target.suite) : undefined;
    return own === undefined ? [] : [{ ...target, suite: own }];
  });
}

/**
 * Returns the build host's own apt sources for a suite: the suite itself, its -updates and its -security, in apt's
 * order. If the host has only another release of Debian, its mirror is asked for this one, with the same components:
 * apt verifies what it gets by the keys of Debian's archive.
 * @throws IngotError wrong-source if the suite itself is in none of them
 */
export async function hostAptSources(
  host: Host,
  suite: string,
  architecture: string,
): Promise<readonly FoundSource[]> {
  const wanted = [suite, `${suite}-updates`, `${suite}-security`];
  const ofDebian = (await targets(host, architecture)).filter(({ component }) =>
    debianComponents.includes(component),
  );
  const own = ofDebian.filter((target) => wanted.includes(target.suite));
  const has = own.some((target) => target.suite === suite);
  const found = has ? own : ofOtherRelease(ofDebian, suite);
  if (!found.some((target) => target.suite === suite))
    throw new IngotError({
      code: 'wrong-source',
      message: `the apt sources of this machine have no suite ${suite} for ${architecture}`,
      hint: 'Name a source as base.mirror {url, key} in cluster.yaml, or add the suite to /etc/apt/sources.list.d.',
    });
  const sources: FoundSource[] = [];
  for (const entry of new Set(found.map((target) => target.entry))) {
    const ofEntry = found.filter((target) => target.entry === entry);
    const each = (key: 'uri' | 'suite' | 'component'): string[] => [
      ...new Set(ofEntry.map((target) => target[key])),
    ];
    const key = await signedBy(entry);
    sources.push({
      uris: each('uri'),
      suites: each('suite'),
      components: each('component'),
      ...(key === undefined ? {} : { signedBy: key }),
    });
  }
  return sources;
}
