import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import type { Host } from '../host/host.ts';
import { sha256File } from '../host/sha256-file.ts';
import type { AptFolder } from './apt-folder.ts';
import { dearmor } from './dearmor.ts';
import type { LockedSource } from './lock.ts';
import type { NamedSource } from './source-names.ts';

/** The name under which apt keeps what it read from an address (apt's URItoFileName): no scheme, no user, slashes as underscores. */
function listName(uri: string): string {
  return uri
    .replace(/^[a-z+]+:(?:\/\/)?/, '')
    .replace(/^[^/@]*@/, '')
    .replaceAll(/[\\|{}[\]<>"^~_=!@#$%&*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
    .replaceAll('/', '_');
}

/** The release file that apt has read of a source, and for a detached signature that one. */
async function releaseFile(
  lists: string,
  source: NamedSource,
): Promise<{ file: string; signature: string | undefined }> {
  const flat = source.suite.endsWith('/');
  const prefix = listName(flat ? `${source.uri}${source.suite}` : `${source.uri}dists/${source.suite}/`);
  const names = await readdir(lists);
  const at = (name: string) => names.find((one) => one === `${prefix}${name}`);
  const [inRelease, release, signature] = [at('InRelease'), at('Release'), at('Release.gpg')];
  const file = inRelease ?? release;
  if (file === undefined)
    throw new IngotError({
      code: 'wrong-input',
      message: `the source ${source.name} has no Release file`,
      hint: 'without one nothing says which packages are the source’s: name another source',
    });
  return {
    file: join(lists, file),
    signature: inRelease === undefined && signature !== undefined ? join(lists, signature) : undefined,
  };
}

/** The keyrings that apt checks a source with, as files that gpgv reads. */
async function keyrings(source: NamedSource, folder: string): Promise<string[]> {
  const { signedBy, trusted: unsigned } = source.source;
  if (unsigned === true) return [];
  const trusted = '/etc/apt/trusted.gpg.d';
  const files =
    signedBy !== undefined
      ? [signedBy]
      : (await readdir(trusted).catch(() => [])).map((name) => join(trusted, name));
  const read: string[] = [];
  for (const [index, file] of files.entries()) {
    if (!/\.(?:gpg|asc|pgp)$/.test(file) && signedBy === undefined) continue;
    const binary = dearmor(await readFile(file));
    const path = join(folder, `keyring-${index}.gpg`);
    await writeFile(path, binary);
    read.push(path);
  }
  return read;
}

/** The primary keys whose signatures are good (gpgv --status-fd, VALIDSIG, its tenth argument). */
async function goodKeys(
  host: Host,
  file: string,
  signature: string | undefined,
  rings: readonly string[],
): Promise<string[]> {
  if (rings.length === 0) return [];
  const { stdout } = await host.run(
    'gpgv',
    [
      ...['--status-fd', '1', ...rings.flatMap((ring) => ['--keyring', ring])],
      ...(signature === undefined ? [] : [signature]),
      file,
    ],
    // 2: some signature is of a key that is not in the keyring; apt has decided already that one good one suffices.
    { accept: [0, 2] },
  );
  const keys = stdout.split('\n').flatMap((line) => {
    const words = line.split(' ');
    return words[1] === 'VALIDSIG' ? [words[11] ?? words[2] ?? ''] : [];
  });
  return [...new Set(keys)].sort();
}

/**
 * What there is to record of each source: its release file's date and digest, and the keys that signed it. Apt has read and checked it before.
 * @param folder absolute folder of the private apt
 */
export async function readReleases(
  host: Host,
  folder: string,
  sources: readonly NamedSource[],
): Promise<LockedSource[]> {
  const locked: LockedSource[] = [];
  for (const source of sources) {
    const { file, signature } = await releaseFile(join(folder, 'lists'), source);
    const date = /^Date: *(.+)$/m.exec(await readFile(file, 'utf8'))?.[1];
    const seconds = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(seconds))
      throw new IngotError({
        code: 'wrong-input',
        message: `the Release file of the source ${source.name} has no date`,
        hint: 'the times in an image follow from it: have the source’s index made again with a Date field',
      });
    locked.push({
      name: source.name,
      suite: source.suite,
      components: [...source.components],
      release: {
        date: isoSeconds(seconds),
        sha256: await sha256File(file),
        keys: await goodKeys(host, file, signature, await keyrings(source, folder)),
      },
    });
  }
  return locked;
}

/** Milliseconds since 1970 as 2026-11-22T23:37:00Z. */
export function isoSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Runs apt's update; what it says of a source that cannot be read or believed becomes our error. */
export async function updateSources(apt: AptFolder): Promise<void> {
  try {
    await apt.update();
  } catch (error) {
    if (!(error instanceof IngotError) || error.code !== 'command-failed') throw error;
    const said = error.excerpt.filter((line) => /^(?:E|W|Err):/.test(line) || line.startsWith('  '));
    const unbelieved = /not signed|NO_PUBKEY|BADSIG|invalid|not available|Hash Sum|not valid|unsigned|weak/i;
    throw new IngotError({
      code: unbelieved.test(said.join('\n')) ? 'wrong-input' : 'command-failed',
      message: unbelieved.test(said.join('\n'))
        ? 'apt does not believe a source:'
        : 'apt cannot read a source:',
      excerpt: said.length === 0 ? error.excerpt : said,
      hint: 'a source needs a Release file with a good signature of the key that the spec (or its Signed-By) names; if it was fine before, try another mirror',
      cause: error,
    });
  }
}
