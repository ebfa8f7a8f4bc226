import type { KeyObject } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { IngotError } from '../host/ingot-error.ts';
import { type KeyAlgorithm, newKeyPair, parsePrivateKey, parsePublicKey } from './keys.ts';

/** The environment variable that may hold the PEM text of the signing key. */
export const signingVariable = 'INGOT_SIGNING_KEY';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

async function keyText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    const message = `the key ${file} cannot be read: ${codeOf(error)}`;
    throw new IngotError({ code: 'wrong-key', message, hint: 'ingot keygen creates a key', cause: error });
  });
}

/**
 * Reads the key to sign with: from the file, otherwise from the text in INGOT_SIGNING_KEY; undefined without either.
 * @throws IngotError wrong-key for a file that cannot be read or is not a private key
 */
export async function signingKey(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<KeyObject | undefined> {
  if (file !== undefined) return parsePrivateKey(await keyText(file), file);
  const text = env[signingVariable];
  return text === undefined || text === '' ? undefined : parsePrivateKey(text, signingVariable);
}

/**
 * Reads the public key to verify with.
 * @throws IngotError wrong-key for a file that cannot be read or is not a public key
 */
export async function publicKey(file: string): Promise<KeyObject> {
  return parsePublicKey(await keyText(file), file);
}

/** The files of a new key, and its id. */
export interface KeyFiles {
  readonly privateFile: string;
  readonly publicFile: string;
  readonly keyid: string;
}

/**
 * Creates a key: `path`.pem (0600) and `path`.pub.pem. An existing file is never overwritten. If one file cannot be
 * written, the other is not left behind.
 * @throws IngotError wrong-key
 */
export async function makeKeyFiles(path: string, algorithm: KeyAlgorithm = 'ed25519'): Promise<KeyFiles> {
  const { privatePem, publicPem, keyid } = newKeyPair(algorithm);
  const files = { privateFile: `${path}.pem`, publicFile: `${path}.pub.pem`, keyid };
  await writeNew(files.publicFile, publicPem, 0o644);
  try {
    await writeNew(files.privateFile, privatePem, 0o600);
  } catch (error) {
    await rm(files.publicFile);
    throw error;
  }
  return files;
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode }).catch((error: unknown) => {
    const exists = codeOf(error) === 'EEXIST';
    throw new IngotError({
      code: 'wrong-key',
      message: exists ? `${file} already exists` : `${file} cannot be written: ${codeOf(error)}`,
      hint: exists ? 'a key is never overwritten: give the new one another name' : 'name an existing folder',
      cause: error,
    });
  });
}
