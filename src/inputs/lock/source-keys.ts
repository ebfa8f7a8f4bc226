import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AptSource } from '../plan/plan.ts';
import { copyUrl } from '../url/canonical-url.ts';
import { type SpecFault, SpecFaults } from '../yaml/spec-faults.ts';
import type { KeyFile } from './fetch-preset-keys.ts';
import { isExpiredOrRevoked, keyText } from './key-text.ts';
import { type Keyring, readKeyring } from './openpgp/keyring.ts';
import { pinnedKey } from './pinned-key.ts';

/** Returns where a spec names the key of a source, if the source is not one of this machine. */
function placeOf({ label, preset, signedBy }: AptSource): SpecFault['path'] {
  if (label === undefined) return ['base', 'mirror', 'key'];
  if (preset === undefined) return [label, 'source', 'key'];
  return signedBy === undefined ? [label] : [label, 'key'];
}

/** Reads the key file that a source names. */
async function keyFileOf(file: string): Promise<KeyFile | Pick<SpecFault, 'message' | 'right'>> {
  try {
    return { bytes: await readFile(file), from: file };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read: ${message}`;
    return { message: `${file} ${why}`, right: 'the file of the public key that signs the source' };
  }
}

/** Returns the keys of a file that may sign a source today. */
function goodKeyring(
  file: KeyFile,
  { preset }: AptSource,
  now: number,
): Keyring | Pick<SpecFault, 'message' | 'right'> {
  if (preset?.fingerprint !== undefined) return pinnedKey(file, preset, preset.fingerprint, now);
  const { bytes, from } = file;
  const read = readKeyring(bytes);
  if ('why' in read) return { message: `${from} ${read.why}`, right: read.right };
  if (read.keys.some((key) => !isExpiredOrRevoked(key, now))) return read;
  const over = read.keys.map((key) => keyText(key, now)).join('; ');
  return {
    message: `${from} holds no key that is still good: ${over}`,
    right: 'the key as its owner publishes it now: an extended one has the same fingerprint',
  };
}

/**
 * A source and the keys that may sign it. The keys are undefined if it needs no signature or if apt's own keys apply.
 */
export interface KeyedSource {
  readonly source: AptSource;
  readonly keyring: Keyring | undefined;
  /** The file of these keys. */
  readonly file?: KeyFile;
}

/**
 * Reads the keys of sources.
 * @param now milliseconds since 1970
 * @param fetched the keys of presets that were fetched; for a preset that has no entry here and names no file, nothing
 * is read
 * @throws SpecFaults for each file that is not a key, or contains only keys that have expired or were revoked; for a
 * preset, each that is not its key
 */
export async function readSourcesKeys(
  sources: readonly AptSource[],
  now: number,
  fetched: ReadonlyMap<AptSource, KeyFile> = new Map(),
): Promise<KeyedSource[]> {
  const faults: SpecFault[] = [];
  const keyed: KeyedSource[] = [];
  for (const source of sources) {
    const file = source.signedBy === undefined ? fetched.get(source) : await keyFileOf(source.signedBy);
    const read = file === undefined || 'message' in file ? file : goodKeyring(file, source, now);
    if (read !== undefined && 'message' in read) faults.push({ path: placeOf(source), ...read });
    else keyed.push({ source, keyring: read, ...(file === undefined || 'message' in file ? {} : { file }) });
  }
  if (faults.length > 0) throw new SpecFaults(faults);
  return keyed;
}

/**
 * Returns a local URL through a symbolic link with a plain name: apt builds file names from URLs, which must not be too
 * long, and gpgv is given paths.
 */
async function placeUri(uri: string, link: string): Promise<string> {
  if (!uri.startsWith('file:')) return uri;
  await symlink(decodeURIComponent(uri.slice('file:'.length)), link);
  return copyUrl(link);
}

/**
 * Puts local files of sources where apt and gpgv can read them: keys under plain names in the right format, and links
 * to folders.
 * @param folder absolute, a plain path; it is created
 * @returns the sources with these names, in the same order
 */
export async function placeSources(keyed: readonly KeyedSource[], folder: string): Promise<AptSource[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    keyed.map(async ({ source, keyring }, index) => {
      const uris = await Promise.all(
        source.uris.map((uri, place) => placeUri(uri, join(folder, `source-${index}-${place}`))),
      );
      if (keyring === undefined) {
        // Without a key of its own, apt would accept any key that this machine trusts.
        if (source.preset !== undefined) throw new Error(`no key of the preset ${source.preset.name}`);
        return { ...source, uris };
      }
      const signedBy = join(folder, `source-${index}.gpg`);
      await writeFile(signedBy, keyring.binary);
      return { ...source, uris, signedBy };
    }),
  );
}
