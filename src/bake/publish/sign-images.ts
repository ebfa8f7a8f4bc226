import { existsSync } from 'node:fs';
import type { Host } from '../../host/host.ts';
import { isSigned, keepSignatures, signSums, signVersion } from '../../version/sign-version.ts';
import type { Signer } from '../../version/signer.ts';
import { writeSigstore } from '../../version/sigstore/write-sigstore.ts';

/**
 * Signs a staged version, so that it appears in the store with its signature.
 * @param payload the bytes of SHA256SUMS as they were written and checked
 * @param before where the store may have the same version: signatures by others are kept if they are for an identical
 *   list
 */
export async function signStaged(
  staged: string,
  payload: Buffer,
  before: string,
  key: Signer | undefined,
): Promise<void> {
  if (existsSync(before)) await keepSignatures(before, staged, payload);
  if (key !== undefined) await signSums(staged, key, payload);
}

/**
 * Signs a version of the store if there is a key and its signature is missing; the whole version is verified first.
 * Its Sigstore bundles are written as well, next to it.
 * @returns whether it was signed now
 * @throws IngotError damaged-version when it does not match its SHA256SUMS, or its files are not of one image
 */
export async function signIfUnsigned(host: Host, folder: string, key: Signer | undefined): Promise<boolean> {
  if (key === undefined) return false;
  const signed = !(await isSigned(folder, key.publicKey)) && (await signVersion(host, folder, key));
  return (await writeSigstore(folder, key)) || signed;
}
