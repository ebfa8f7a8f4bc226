import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Host } from '../../host/host.ts';
import { isSigned, keepSignatures, signSums, signVersion } from '../../version/sign-version.ts';

/**
 * Signs a staged version, so that it appears in the store with its signature.
 * @param payload the bytes of SHA256SUMS as they were written and checked
 * @param before where the store may have the same version: its signatures by others stay if they are over the very same list
 */
export async function signStaged(
  staged: string,
  payload: Buffer,
  before: string,
  key: KeyObject | undefined,
): Promise<void> {
  if (existsSync(before)) await keepSignatures(before, staged, payload);
  if (key !== undefined) await signSums(staged, key, payload);
}

/**
 * Gives a version of the store the signature of a key, if there is a key and it lacks it; then all of the version is proven before.
 * @returns whether it was signed now
 * @throws IngotError damaged-version when it is not as its SHA256SUMS says, or its files are not of one image
 */
export async function signIfNot(host: Host, folder: string, key: KeyObject | undefined): Promise<boolean> {
  if (key === undefined || (await isSigned(folder, key))) return false;
  return signVersion(host, folder, key);
}
