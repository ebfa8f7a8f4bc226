import type { KeyObject } from 'node:crypto';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { checkCopies } from './check-copies.ts';
import { type Envelope, envelopeText, hasPayload, signedEnvelope, wrongSignature } from './dsse.ts';
import { readSignatures } from './signatures.ts';
import type { Signer } from './signer.ts';
import { smallFile } from './small-file.ts';
import { signatureName, sumsName } from './sums.ts';

function refused(folder: string, excerpt: readonly string[]): IngotError {
  return new IngotError({
    code: 'damaged-version',
    message: `${folder} is not what was baked, and was not signed:`,
    excerpt,
    hint: 'remove this version from the store and bake it again',
  });
}

async function envelopeOf(folder: string, payload: Buffer): Promise<Envelope | undefined> {
  const envelope = await readSignatures(folder);
  if (envelope === 'none') return undefined;
  if (envelope === 'damaged' || !hasPayload(envelope, payload))
    throw refused(folder, [`${signatureName} is of another ${sumsName}`]);
  return envelope;
}

/** Whether a version has a key's signature over its SHA256SUMS. No other file is read. */
export async function isSigned(folder: string, key: KeyObject): Promise<boolean> {
  const [payload, envelope] = [await smallFile(join(folder, sumsName)), await readSignatures(folder)];
  if (payload === undefined || typeof envelope === 'string') return false;
  return hasPayload(envelope, payload) && wrongSignature(envelope, key) === undefined;
}

/**
 * Copies the signatures from one folder of a version to another, if they cover the same SHA256SUMS.
 * @param payload the bytes of SHA256SUMS in `to`
 */
export async function keepSignatures(from: string, to: string, payload: Uint8Array): Promise<void> {
  const envelope = await readSignatures(from);
  if (typeof envelope !== 'string' && hasPayload(envelope, payload))
    await copyFile(join(from, signatureName), join(to, signatureName));
}

/**
 * Signs the SHA256SUMS of a version and keeps the signatures of other keys. A version that has this key's signature
 * stays as it is.
 * @param folder absolute path of a version whose files are known to match its SHA256SUMS
 * @param payload the bytes of SHA256SUMS that were checked; the file is not read again
 * @returns whether a signature was added
 * @throws IngotError damaged-version if there is a signature of another SHA256SUMS
 */
export async function signSums(folder: string, signer: Signer, payload: Buffer): Promise<boolean> {
  const before = await envelopeOf(folder, payload);
  if (before !== undefined && wrongSignature(before, signer.publicKey) === undefined) return false;
  // The temporary file is next to the version, so a reader finds either the old signature or the new one, and no
  // unlisted file.
  const next = join(dirname(folder), `.${basename(folder)}.dsse-${process.pid}`);
  try {
    await writeFile(next, envelopeText(await signedEnvelope(payload, signer, before)));
    await rename(next, join(folder, signatureName));
  } finally {
    await rm(next, { force: true });
  }
  return true;
}

/**
 * Signs a version of the store after verifying it completely: every file matches SHA256SUMS, and all belong to one
 * image. The list that was checked is signed, even if the file changes afterwards.
 * @param folder absolute path, not a link
 * @returns whether a signature was added
 * @throws IngotError damaged-version that names every file with a problem
 */
export async function signVersion(
  host: Host,
  folder: string,
  signer: Signer,
  signal?: AbortSignal,
): Promise<boolean> {
  const payload = await smallFile(join(folder, sumsName));
  if (payload === undefined) throw refused(folder, [`${sumsName} is missing`]);
  const problems = await checkCopies(host, folder, payload, signal);
  if (problems.length > 0)
    throw refused(
      folder,
      problems.map(({ file, why }) => `${file} ${why}`),
    );
  return signSums(folder, signer, payload);
}
