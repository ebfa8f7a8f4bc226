import type { PresetSource } from '../plan/plan.ts';
import { spacedFingerprint } from '../plan/spaced-fingerprint.ts';
import type { SpecFault } from '../yaml/spec-faults.ts';
import { dayText, isExpiredOrRevoked } from './key-text.ts';
import { type Keyring, readKeyring } from './openpgp/keyring.ts';

/** What is wrong with the key of a preset, and what would be right. */
export type KeyFault = Pick<SpecFault, 'message' | 'right'>;

interface KeyBytes {
  readonly bytes: Buffer;
  /** The file or URL that the bytes come from, for errors. */
  readonly from: string;
}

/**
 * Extracts the one key that may sign the source of a preset from a file. apt is given only this key, whatever else the
 * file contains.
 * @param now milliseconds since 1970
 * @returns what is wrong if the file does not contain that key, or if the key has expired or is revoked
 */
export function pinnedKey(
  { bytes, from }: KeyBytes,
  { name, keyUrl }: PresetSource,
  fingerprint: string,
  now: number,
): Keyring | KeyFault {
  const wanted = spacedFingerprint(fingerprint);
  const named = `mesos: { preset: ${name}, key: FILE }`;
  const read = readKeyring(bytes);
  if ('why' in read)
    return {
      message: `the key of the preset ${name}: ${from} ${read.why}`,
      right: `the public key ${wanted}${keyUrl === undefined ? '' : `; a copy that you have: ${named}`}`,
    };
  const key = read.keys.find((one) => one.fingerprint === fingerprint);
  if (key === undefined) {
    const others = read.keys.map((one) => spacedFingerprint(one.fingerprint)).join(' and ');
    return {
      message: `the key of the preset ${name} is ${wanted}, but ${from} has ${others}`,
      right: `the key with the fingerprint of the preset; a mirror that you sign with a key of your own: mesos: { mirror: URL, key: FILE }`,
    };
  }
  if (key.revoked)
    return {
      message: `the key of the preset ${name} was revoked by its owner: ${from} has ${wanted}`,
      right: 'do not use the source before its owner has signed it with a new key and said why',
    };
  if (isExpiredOrRevoked(key, now) && key.expires !== undefined)
    return {
      message: `the key of the preset ${name} has expired on ${dayText(key.expires)}: ${from} has an old copy of ${wanted}`,
      right: `a newer copy: its owner extends the key, which keeps its fingerprint. Fetch it where the owner publishes it, and name the file: ${named}`,
    };
  return { binary: key.binary, keys: [key] };
}
