import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  verify,
} from 'node:crypto';
import { IngotError } from '../host/ingot-error.ts';

/**
 * The kinds of keys that sign. ed25519: RFC 8032, over the message itself. ecdsa-p256: FIPS 186-5 with the curve
 * P-256 and SHA-256, a signature in DER (RFC 3279, 2.2.3).
 */
export type KeyAlgorithm = 'ed25519' | 'ecdsa-p256';

const privateHint =
  'Name the private half of an ed25519 or ECDSA P-256 key, unencrypted PKCS#8 PEM (-----BEGIN PRIVATE KEY-----), as ingot keygen creates it.';
const publicHint =
  'Name the public half of an ed25519 or ECDSA P-256 key in PEM (-----BEGIN PUBLIC KEY-----), as ingot keygen creates it.';

/** A new key: PKCS#8 PEM and SPKI PEM (RFC 5958, RFC 5280), and its id. */
export function newKeyPair(algorithm: KeyAlgorithm = 'ed25519'): {
  privatePem: string;
  publicPem: string;
  keyid: string;
} {
  const { privateKey, publicKey } =
    algorithm === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keyid: keyId(publicKey),
  };
}

/** Returns the public half of a key, from either half. */
export function publicHalf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}

/** The id of a key: SHA-256 (hexadecimal) of its public half's SPKI DER. */
export function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(publicHalf(key).export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The kind of a key; undefined for a key that ingot does not use. */
export function keyAlgorithm(key: KeyObject): KeyAlgorithm | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  const p256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return p256 ? 'ecdsa-p256' : undefined;
}

/** The digest that crypto.sign and crypto.verify take for a key. */
export const digestOfKey = (key: KeyObject): 'sha256' | null =>
  key.asymmetricKeyType === 'ed25519' ? null : 'sha256';

/**
 * Whether a signature is one of a message by a key.
 * @param key public or private half
 */
export function isSignature(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(digestOfKey(key), message, publicHalf(key), signature);
}

/**
 * Reads a private key.
 * @param source the name of the key in an error: a file or a variable; the text itself is never shown
 * @throws IngotError wrong-key
 */
export function parsePrivateKey(text: string, source: string): KeyObject {
  // No cause: the parser's message about a secret must not be shown.
  return usable(() => createPrivateKey(text), source, 'private key', privateHint);
}

/**
 * Reads a public key; a private one is refused.
 * @throws IngotError wrong-key that names `source`
 */
export function parsePublicKey(text: string, source: string): KeyObject {
  const hint = publicHint;
  if (text.includes('PRIVATE KEY'))
    throw new IngotError({ code: 'wrong-key', message: `${source} is a private key`, hint });
  return usable(() => createPublicKey(text), source, 'public key', hint);
}

function usable(read: () => KeyObject, source: string, what: string, hint: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    throw new IngotError({
      code: 'wrong-key',
      message: `${source} does not contain a readable ${what}`,
      hint,
    });
  }
  if (keyAlgorithm(key) !== undefined) return key;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const type = `${key.asymmetricKeyType ?? 'unknown'}${curve === undefined ? '' : ` (${curve})`}`;
  const message = `${source} is a key of the type ${type}, not ed25519 or ECDSA P-256`;
  throw new IngotError({ code: 'wrong-key', message, hint });
}
