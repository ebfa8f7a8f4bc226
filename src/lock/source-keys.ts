import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpecFaults, type SpecFault } from '../errors/spec-faults.ts';
import type { AptSource } from '../plan/plan.ts';
import { copyUrl } from '../url/canonical-url.ts';
import type { OpenPgpKey } from './openpgp/keys.ts';
import { readKeyring, type Keyring } from './openpgp/keyring.ts';

/** Where a spec names the key of a source, if the source is not one of this machine. */
function placeOf({ label }: AptSource): SpecFault['path'] {
  return label === undefined ? ['base', 'mirror', 'key'] : [label, 'source', 'key'];
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** A key for people: its fingerprint, and what is the matter with it. */
export function keyText(key: OpenPgpKey, now: number): string {
  const state = key.revoked
    ? ', revoked'
    : key.expires === undefined
      ? ''
      : `, ${key.expires.getTime() <= now ? 'expired' : 'good until'} ${day(key.expires)}`;
  return `${key.fingerprint}${state}`;
}

/** Whether a key can sign no more. */
function isOver(key: OpenPgpKey, now: number): boolean {
  return key.revoked || (key.expires !== undefined && key.expires.getTime() <= now);
}

async function readSourceKeys(source: AptSource, now: number): Promise<Keyring | SpecFault> {
  const file = source.signedBy ?? '';
  const fault = (message: string, right: string): SpecFault => ({
    path: placeOf(source),
    message: `${file} ${message}`,
    right,
  });
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read: ${message}`;
    return fault(why, 'the file of the public key that signs the source');
  }
  const read = readKeyring(bytes);
  if ('why' in read) return fault(read.why, read.right);
  if (read.keys.some((key) => !isOver(key, now))) return read;
  const over = read.keys.map((key) => keyText(key, now)).join('; ');
  return fault(
    `holds no key that is still good: ${over}`,
    'the key as its owner publishes it now: an extended one has the same fingerprint',
  );
}

/** A source, and the keys that it may be signed with; none where it needs no signature or where apt's own keys count. */
export interface KeyedSource {
  readonly source: AptSource;
  readonly keyring: Keyring | undefined;
}

/**
 * Reads the keys of sources.
 * @param now milliseconds since 1970
 * @throws SpecFaults for each file that is no key, or holds only keys that have expired or were revoked
 */
export async function readSourcesKeys(sources: readonly AptSource[], now: number): Promise<KeyedSource[]> {
  const faults: SpecFault[] = [];
  const keyed: KeyedSource[] = [];
  for (const source of sources) {
    const read = source.signedBy === undefined ? undefined : await readSourceKeys(source, now);
    if (read !== undefined && 'message' in read) faults.push(read);
    else keyed.push({ source, keyring: read });
  }
  if (faults.length > 0) throw new SpecFaults(faults);
  return keyed;
}

/** A URL of this machine's as one of a link with a plain name: apt makes file names of URLs, which must not be long, and gpgv is given paths. */
async function placeUri(uri: string, link: string): Promise<string> {
  if (!uri.startsWith('file:')) return uri;
  await symlink(decodeURIComponent(uri.slice('file:'.length)), link);
  return copyUrl(link);
}

/**
 * Puts what sources need of this machine where apt and gpgv can take it: keys under plain names in the form that they read, and links to folders.
 * @param folder absolute, a plain path; it is made
 * @returns the sources with these names, in the same order
 */
export async function placeSources(keyed: readonly KeyedSource[], folder: string): Promise<AptSource[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    keyed.map(async ({ source, keyring }, index) => {
      const uris = await Promise.all(
        source.uris.map((uri, place) => placeUri(uri, join(folder, `source-${index}-${place}`))),
      );
      if (keyring === undefined) return { ...source, uris };
      const signedBy = join(folder, `source-${index}.gpg`);
      await writeFile(signedBy, keyring.binary);
      return { ...source, uris, signedBy };
    }),
  );
}
