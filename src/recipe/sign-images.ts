import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isSigned, keepSignatures, signSums, signVersion } from '../release/sign-version.ts';

/**
 * Signs a staged version, whose SHA256SUMS was just written, so that it appears in the store with its signature.
 * @param before where the store may have the same version: its signatures by others stay if they are over the very same list
 */
export async function signStaged(staged: string, before: string, key: KeyObject | undefined): Promise<void> {
  if (existsSync(before)) await keepSignatures(before, staged);
  if (key !== undefined) await signSums(staged, key);
}

/**
 * Gives a version of the store the signature of a key, if there is a key and it lacks it; then all of the version is read before.
 * @returns whether it was signed now
 * @throws IngotError check-failed when it is not as its SHA256SUMS says
 */
export async function signIfNot(folder: string, key: KeyObject | undefined): Promise<boolean> {
  if (key === undefined || (await isSigned(folder, key))) return false;
  return signVersion(folder, key);
}
