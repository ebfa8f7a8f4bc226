import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { IndexTarget } from './index-targets.ts';
import type { LockedSource } from './lock.ts';
import { readKeyring } from './openpgp/keyring.ts';
import type { KeyedSource } from './source-keys.ts';
import type { NamedSource } from './source-names.ts';

/** Returns the release file that apt has read for a source, and the file of its detached signature if there is one. */
function releaseFile(
  source: NamedSource,
  targets: readonly IndexTarget[],
): { file: string; signature: string | undefined } {
  const begin = targets.find((target) => target.source === source.name)?.release ?? '';
  const [inRelease, release, signature] = ['InRelease', 'Release', 'Release.gpg'].map(
    (name) => `${begin}${name}`,
  ) as [string, string, string];
  if (existsSync(inRelease)) return { file: inRelease, signature: undefined };
  if (existsSync(release)) return { file: release, signature: existsSync(signature) ? signature : undefined };
  throw new IngotError({
    code: 'wrong-source',
    message: `the source ${source.name} has no Release file`,
    hint: 'without one nothing says which packages are the source’s: name another source',
  });
}

/** Returns the keyrings that apt checks a source with, as files that gpgv reads. */
async function keyrings({ source, keyring }: KeyedSource, folder: string): Promise<string[]> {
  if (source.trusted === true) return [];
  const trusted = '/etc/apt/trusted.gpg.d';
  const files = (await readdir(trusted).catch(() => [])).filter((name) => /\.(?:gpg|asc)$/.test(name));
  const rings =
    keyring !== undefined
      ? [keyring]
      : await Promise.all(files.map(async (name) => readKeyring(await readFile(join(trusted, name)))));
  const read: string[] = [];
  for (const [index, ring] of rings.entries()) {
    if (!('binary' in ring)) continue;
    const path = join(folder, `keyring-${index}.gpg`);
    await writeFile(path, ring.binary);
    read.push(path);
  }
  return read;
}

/** Returns the primary keys that made valid signatures (gpgv --status-fd, VALIDSIG, its tenth argument). */
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
    // 2: one of the signatures was made by a key that is not in the keyring; apt has already decided that one valid
    // signature suffices.
    { accept: [0, 2] },
  );
  const keys = stdout.split('\n').flatMap((line) => {
    const words = line.split(' ');
    return words[1] === 'VALIDSIG' ? [words[11] ?? words[2] ?? ''] : [];
  });
  return [...new Set(keys)].sort();
}

/** Returns what a lock records about the key file of a source. */
function lockedKeyOf(keyed: KeyedSource | undefined): Pick<LockedSource, 'key'> {
  if (keyed?.file === undefined || keyed.keyring === undefined) return {};
  const { bytes } = keyed.file;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const fingerprints = keyed.keyring.keys.map(({ fingerprint }) => fingerprint).sort();
  return { key: { sha256, size: bytes.length, fingerprints } };
}

interface ReadSources {
  readonly sources: readonly NamedSource[];
  readonly keyed: readonly KeyedSource[];
  readonly targets: readonly IndexTarget[];
}

/**
 * Returns what a lock records about each source: the date and the digest of its release file, and the keys that signed
 * it. apt has already read and checked it.
 * @param folder absolute folder of the private apt
 */
export async function readReleases(
  host: Host,
  folder: string,
  { sources, keyed, targets }: ReadSources,
): Promise<LockedSource[]> {
  const locked: LockedSource[] = [];
  for (const source of sources) {
    const { file, signature } = releaseFile(source, targets);
    const date = /^Date: *(.+)$/m.exec(await readFile(file, 'utf8'))?.[1];
    const seconds = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(seconds))
      throw new IngotError({
        code: 'wrong-source',
        message: `the Release file of the source ${source.name} has no date`,
        hint: 'the times in an image follow from it: have the source’s index made again with a Date field',
      });
    const keys = keyed.find((one) => one.source === source.source);
    const rings = keys === undefined ? [] : await keyrings(keys, folder);
    locked.push({
      name: source.name,
      suite: source.suite,
      components: [...source.components],
      release: {
        date: isoSeconds(seconds),
        sha256: await sha256File(file),
        keys: await goodKeys(host, file, signature, rings),
        ...(source.source.validUntil === false ? { validUntil: 'unchecked' as const } : {}),
      },
      ...(source.source.preset === undefined ? {} : lockedKeyOf(keys)),
    });
  }
  return locked;
}

/** Formats milliseconds since 1970 as 2026-11-22T23:37:00Z. */
export function isoSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
