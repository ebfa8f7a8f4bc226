import type { KeyObject } from 'node:crypto';
import type { Host } from '../host/host.ts';
import { checkConsistency, type VersionIdentity } from './check-consistency.ts';
import { checkSums, type FileProblem } from './check-sums.ts';
import { wrongSignature } from './dsse.ts';
import { keyId } from './keys.ts';
import { readSignatures } from './signatures.ts';
import { signatureName, sumsName } from './sums.ts';

/** The result of verifying a version folder; plain JSON. */
export interface VersionReport {
  /** Absolute. */
  readonly folder: string;
  readonly role?: string;
  readonly version?: string;
  /** dm-verity root hash, hexadecimal. */
  readonly rootHash?: string;
  /** Ids of the given keys that signed the version. */
  readonly signedBy: readonly string[];
  /** Number of files that were read, and their bytes. A file with several names counts once for each name. */
  readonly files: number;
  readonly bytes: number;
  /** All problems; a version without problems is as it was signed. */
  readonly problems: readonly FileProblem[];
}

export interface VerifyVersionOptions {
  readonly keys: readonly KeyObject[];
  /** How many of the keys must have signed; default: one. A key that is given twice counts once. */
  readonly threshold?: number | undefined;
  readonly signal?: AbortSignal;
  /** Called with each path before it is read. */
  readonly onFile?: (path: string) => void;
}

async function signersOf(folder: string, given: readonly KeyObject[], threshold: number) {
  const keys = [...new Map(given.map((key) => [keyId(key), key])).values()];
  const envelope = await readSignatures(folder);
  if (envelope === 'none') return { signers: [], why: ['is missing: the version is not signed'] };
  if (envelope === 'damaged') return { signers: [], why: ['is not a signature that ingot wrote'] };
  const signers = keys.filter((key) => wrongSignature(envelope, key) === undefined);
  if (signers.length === 0) return { signers, why: keys.map((key) => wrongSignature(envelope, key) ?? '') };
  if (signers.length < threshold)
    return {
      signers: [],
      why: [`is signed by ${signers.length} of the given keys, and ${threshold} are required`],
    };
  return { signers, why: [], signed: Buffer.from(envelope.payload, 'base64') };
}

/**
 * Verifies a version without a network: that enough of the keys signed its SHA256SUMS, that its files are exactly those of
 * that list, and that they belong together. If the signature is valid, all files are read as streams.
 * @param folder absolute path, not a link
 */
export async function verifyVersion(
  host: Host,
  folder: string,
  { keys, threshold = 1, signal, onFile }: VerifyVersionOptions,
): Promise<VersionReport> {
  const { signers, why, signed } = await signersOf(folder, keys, threshold);
  // Without the signatures, the files are not read: they may be large, and nothing in them can be
  // trusted.
  if (signed === undefined) {
    const problems = why.map((text) => ({ file: signatureName, why: text }));
    return { folder, signedBy: [], files: 0, bytes: 0, problems };
  }
  const read = (path: string): void => {
    signal?.throwIfAborted();
    onFile?.(path);
  };
  const { problems, digests } = await checkSums(folder, { signed, onFile: read });
  const reported = new Set(problems.map(({ file }) => file));
  signal?.throwIfAborted();
  // Nothing was read if the list itself is missing or not valid.
  const unread = digests.size === 0 && reported.has(sumsName);
  const {
    role,
    version,
    rootHash,
    problems: more,
  }: VersionIdentity = unread
    ? { problems: [] }
    : await checkConsistency(host, {
        folder,
        digests,
        reported,
        ...(signal === undefined ? {} : { signal }),
      });
  return {
    folder,
    ...(role === undefined ? {} : { role }),
    ...(version === undefined ? {} : { version }),
    ...(rootHash === undefined ? {} : { rootHash }),
    signedBy: signers.map(keyId),
    files: digests.size,
    bytes: [...digests.values()].reduce((sum, { size }) => sum + size, 0),
    problems: [...problems, ...more],
  };
}
