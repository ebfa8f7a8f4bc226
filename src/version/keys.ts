import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { IngotError } from '../host/ingot-error.ts';

const privateHint =
  'Name the private half of an ed25519 key, unencrypted PKCS#8 PEM (-----BEGIN PRIVATE KEY-----), as ingot keygen creates it.';
const publicHint =
  'Name the public half of an ed25519 key in PEM (-----BEGIN PUBLIC KEY-----), as ingot keygen creates it.';

/** A new ed25519 key (RFC 8032): PKCS#8 PEM and SPKI PEM (RFC 5958, RFC 5280), and its id. */
export function newKeyPair(): { privatePem: string; publicPem: string; keyid: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
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

/**
 * Reads a private key.
 * @param source the name of the key in an error: a file or a variable; the text itself is never shown
 * @throws IngotError wrong-key
 */
export function parsePrivateKey(text: string, source: string): KeyObject {
  // No cause: the parser's message about a secret must not be shown.
  return ed25519(() => createPrivateKey(text), source, 'private key', privateHint);
}

/**
 * Reads a public key; a private one is refused.
 * @throws IngotError wrong-key that names `source`
 */
export function parsePublicKey(text: string, source: string): KeyObject {
  const hint = publicHint;
  if (text.includes('PRIVATE KEY'))
    throw new IngotError({ code: 'wrong-key', message: `${source} is a private key`, hint });
  return ed25519(() => createPublicKey(text), source, 'public key', hint);
}

function ed25519(read: () => KeyObject, source: string, what: string, hint: string): KeyObject {
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
  if (key.asymmetricKeyType === 'ed25519') return key;
  const message = `${source} is a key of the type ${key.asymmetricKeyType ?? 'unknown'}, not ed25519`;
  throw new IngotError({ code: 'wrong-key', message, hint });
}
