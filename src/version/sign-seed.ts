import { preAuthEncoding } from './dsse.ts';
import type { Signer } from './signer.ts';

/** The payload type of a seed's signature. A signature of anything else is not valid for a seed. */
const payloadType = 'application/vnd.ingot.seed';

/**
 * Appends the signature of user-data as its last line, a comment for cloud-init: the signature over DSSE's
 * pre-authentication encoding of all bytes before that line.
 * @param userData ends with a line feed
 */
export async function signedUserData(userData: string, signer: Signer): Promise<string> {
  const signature = await signer.sign(preAuthEncoding(Buffer.from(userData), payloadType));
  return `${userData}# ingot-seed-signature ${signer.keyId} ${Buffer.from(signature).toString('base64')}\n`;
}

/**
 * The files of a seed with user-data signed. A node trusts only user-data, so the other files are not signed. Without a
 * key, the files are unchanged.
 */
export async function signedSeed<File extends { readonly path: string; readonly content: string }>(
  files: readonly File[],
  signer: Signer | undefined,
): Promise<readonly File[]> {
  if (signer === undefined) return files;
  return Promise.all(
    files.map(async (file) =>
      file.path === 'user-data' ? { ...file, content: await signedUserData(file.content, signer) } : file,
    ),
  );
}
