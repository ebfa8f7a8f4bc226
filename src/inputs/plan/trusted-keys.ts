import { createPublicKey, type KeyObject } from 'node:crypto';
import { posix } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { PlacedFile } from './plan.ts';

/** The lists of keys in the spec, and where the node looks for them. */
export const keyFolders = {
  'updates.keys': '/usr/lib/ingot/update-keys',
  'seed.keys': '/usr/lib/ingot/seed-keys',
} as const;
type KeyList = keyof typeof keyFolders;

function wrong(list: KeyList, file: string, what: string): IngotError {
  return new IngotError({
    code: 'wrong-key',
    message: `${list} names ${file}, ${what}.`,
    hint: 'Name the public half of an ed25519 or ECDSA P-256 key in PEM (-----BEGIN PUBLIC KEY-----), as ingot keygen makes it.',
  });
}

/** Parses the text of a key file of the spec; only public keys that ingot signs with are accepted. */
function publicKey(list: KeyList, file: string, text: string): KeyObject {
  // Node.js would extract the public half of a private key, but a private key must never come near an image.
  if (text.includes('PRIVATE KEY'))
    throw wrong(list, file, 'which is a private key: it must stay where it is used');
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch {
    throw wrong(list, file, 'which holds no public key in PEM');
  }
  const p256 = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (key.asymmetricKeyType !== 'ed25519' && !p256)
    throw wrong(
      list,
      file,
      `a key of the kind ${key.asymmetricKeyType ?? 'unknown'}, not ed25519 or ECDSA P-256`,
    );
  return key;
}

/**
 * Returns the keys of one list of the spec as files on the node, in SPKI PEM, named after their files:
 * keys/release.pub.pem becomes release.pem.
 * @param contents the text of each file, under its name in the spec
 * @throws IngotError wrong-key for a file that is not a public key of these kinds, or for two of the same name
 */
export function trustedKeys(
  list: KeyList,
  files: readonly string[],
  contents: ReadonlyMap<string, string>,
): readonly PlacedFile[] {
  const placed = new Map<string, PlacedFile>();
  for (const file of files) {
    const text = contents.get(file);
    if (text === undefined) throw new Error(`the text of ${file} was not read`);
    const name = posix.basename(file).replace(/(?:\.pub)?(?:\.pem)?$/, '');
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
      throw wrong(list, file, 'whose name is not made of letters, digits, points, hyphens and underscores');
    if (placed.has(name)) throw wrong(list, file, `and another key is called ${name} as well`);
    const content = publicKey(list, file, text).export({ type: 'spki', format: 'pem' }).toString();
    placed.set(name, { path: `${keyFolders[list]}/${name}.pem`, mode: '0644', content });
  }
  return [...placed.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
