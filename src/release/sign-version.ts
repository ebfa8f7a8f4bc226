import type { KeyObject } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import { checkSums } from './check-sums.ts';
import {
  carries,
  envelopeText,
  parseEnvelope,
  signedEnvelope,
  wrongSignature,
  type Envelope,
} from './dsse.ts';
import { signatureName, sumsName } from './sums.ts';

function refused(folder: string, excerpt: readonly string[]): IngotError {
  return new IngotError({
    code: 'check-failed',
    message: `${folder} is not what was baked, and was not signed:`,
    excerpt,
    hint: 'remove this version from the store and bake it again',
  });
}

async function bytesOf(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

async function envelopeOf(folder: string, payload: Buffer): Promise<Envelope | undefined> {
  const bytes = await bytesOf(join(folder, signatureName));
  if (bytes === undefined) return undefined;
  const envelope = parseEnvelope(bytes.toString());
  if (envelope === undefined || !carries(envelope, payload))
    throw refused(folder, [`${signatureName} is of another ${sumsName}`]);
  return envelope;
}

/**
 * Signs the SHA256SUMS of a version, beside the signatures of other keys. A version that has this key's signature stays as it is.
 * @param folder absolute path of a version whose files are known to be those of its SHA256SUMS
 * @returns whether a signature was added
 * @throws IngotError check-failed when there is no SHA256SUMS, or a signature of another one
 */
export async function signSums(folder: string, key: KeyObject): Promise<boolean> {
  const payload = await bytesOf(join(folder, sumsName));
  if (payload === undefined) throw refused(folder, [`${sumsName} is missing`]);
  const before = await envelopeOf(folder, payload);
  if (before !== undefined && wrongSignature(before, key) === undefined) return false;
  // Beside the version: a reader finds the old signature or the new one, and no file that is in no list.
  const next = join(dirname(folder), `.${basename(folder)}.dsse-${process.pid}`);
  try {
    await writeFile(next, envelopeText(signedEnvelope(payload, key, before)));
    await rename(next, join(folder, signatureName));
  } finally {
    await rm(next, { force: true });
  }
  return true;
}

/**
 * Signs a version of the store after reading all of it.
 * @returns whether a signature was added
 * @throws IngotError check-failed that names every file that is not as SHA256SUMS says
 */
export async function signVersion(folder: string, key: KeyObject): Promise<boolean> {
  const { problems } = await checkSums(folder);
  if (problems.length > 0)
    throw refused(
      folder,
      problems.map(({ file, why }) => `${file} ${why}`),
    );
  return signSums(folder, key);
}
