import { type KeyObject, sign } from 'node:crypto';
import { preAuthEncoding } from './dsse.ts';
import { keyId } from './keys.ts';

/** The payload type of a seed's signature. A signature of anything else is not valid for a seed. */
const payloadType = 'application/vnd.ingot.seed';

/**
 * Appends the signature of user-data as its last line, a comment for cloud-init: ed25519 over DSSE's pre-authentication
 * encoding of all bytes before that line.
 * @param userData ends with a line feed
 */
export function signedUserData(userData: string, privateKey: KeyObject): string {
  const signature = sign(null, preAuthEncoding(Buffer.from(userData), payloadType), privateKey);
  return `${userData}# ingot-seed-signature ${keyId(privateKey)} ${signature.toString('base64')}\n`;
}

/**
 * The files of a seed with user-data signed. A node trusts only user-data, so the other files are not signed. Without a
 * key, the files are unchanged.
 */
export function signedSeed<File extends { readonly path: string; readonly content: string }>(
  files: readonly File[],
  privateKey: KeyObject | undefined,
): readonly File[] {
  if (privateKey === undefined) return files;
  return files.map((file) =>
    file.path === 'user-data' ? { ...file, content: signedUserData(file.content, privateKey) } : file,
  );
}
