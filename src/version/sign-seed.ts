import { type KeyObject, sign } from 'node:crypto';
import { preAuthEncoding } from './dsse.ts';
import { keyId } from './keys.ts';

/** What a signature of a seed is over: no signature of anything else is one of a seed. */
const payloadType = 'application/vnd.ingot.seed';

/**
 * The text of user-data with its signature as a last line, a comment for cloud-init: DSSE's pre-authentication encoding of all bytes before that line, ed25519.
 * @param userData ends with a line feed
 */
export function signedUserData(userData: string, privateKey: KeyObject): string {
  const signature = sign(null, preAuthEncoding(Buffer.from(userData), payloadType), privateKey);
  return `${userData}# ingot-seed-signature ${keyId(privateKey)} ${signature.toString('base64')}\n`;
}

/** The files of a seed with user-data signed; the others are no part of what a node believes. As they are without a key. */
export function signedSeed<File extends { readonly path: string; readonly content: string }>(
  files: readonly File[],
  privateKey: KeyObject | undefined,
): readonly File[] {
  if (privateKey === undefined) return files;
  return files.map((file) =>
    file.path === 'user-data' ? { ...file, content: signedUserData(file.content, privateKey) } : file,
  );
}
