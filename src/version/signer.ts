import { createHash, createSign, type KeyObject, sign } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { IngotError } from '../host/ingot-error.ts';
import { digestOfKey, type KeyAlgorithm, keyAlgorithm, keyId, publicHalf } from './keys.ts';

/** A file whose digest is known. */
export interface DigestedFile {
  /** Absolute path. */
  readonly file: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** Somebody who signs: a private key in this process, or a program that has one. */
export interface Signer {
  /** SHA-256 (hexadecimal) of the public half's SPKI DER. */
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: KeyObject;
  /**
   * Signs a payload that fits into memory. ed25519: 64 bytes; ecdsa-p256: DER.
   * @throws IngotError signer-failed if a program does not answer with a signature
   */
  sign(payload: Uint8Array): Promise<Uint8Array>;
  /**
   * Signs a file of any size by its digest; DER. Only ecdsa-p256 can: ed25519 signs the message itself.
   * @throws IngotError damaged-version if the file was read and is not the one of the digest
   * @throws IngotError signer-failed if a program does not answer with a signature
   */
  readonly signFile?: (file: DigestedFile) => Promise<Uint8Array>;
}

/** Node.js signs no digest, only bytes that it reads: so it reads the file, and compares the digest on the way. */
async function signRead(privateKey: KeyObject, { file, sha256 }: DigestedFile): Promise<Uint8Array> {
  const [signing, hash] = [createSign('sha256'), createHash('sha256')];
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    signing.update(chunk);
    hash.update(chunk);
  }
  if (hash.digest('hex') !== sha256)
    throw new IngotError({
      code: 'damaged-version',
      message: `${file} was altered while it was being signed, and was not signed`,
      hint: 'find out what else writes to this folder, then sign again',
    });
  return signing.sign(privateKey);
}

/** A signer from a private key: ed25519 or ECDSA P-256. */
export function keySigner(privateKey: KeyObject): Signer {
  const algorithm = keyAlgorithm(privateKey);
  if (algorithm === undefined) throw new Error('a key of this type cannot sign');
  return {
    keyId: keyId(privateKey),
    algorithm,
    publicKey: publicHalf(privateKey),
    sign: (payload) => Promise.resolve(sign(digestOfKey(privateKey), payload, privateKey)),
    ...(algorithm === 'ed25519' ? {} : { signFile: (file: DigestedFile) => signRead(privateKey, file) }),
  };
}
