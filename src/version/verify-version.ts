import type { KeyObject } from 'node:crypto';
import type { Host } from '../host/host.ts';
import { type Belonging, belongsTogether } from './belongs-together.ts';
import { checkSums, type FileProblem } from './check-sums.ts';
import { wrongSignature } from './dsse.ts';
import { keyId } from './keys.ts';
import { readSignatures } from './signatures.ts';
import { signatureName, sumsName } from './sums.ts';

/** What was found of a version folder; plain JSON. */
export interface VersionReport {
  /** Absolute. */
  readonly folder: string;
  readonly role?: string;
  readonly version?: string;
  /** dm-verity root hash, hexadecimal. */
  readonly rootHash?: string;
  /** Ids of those of the given keys whose signature it has. */
  readonly signedBy: readonly string[];
  /** How many files were read, and their bytes; a file with several names counts under each. */
  readonly files: number;
  readonly bytes: number;
  /** All that is wrong; a version without any is as it was signed. */
  readonly problems: readonly FileProblem[];
}

export interface VerifyVersionOptions {
  /** Public ed25519 keys; the signature of one of them is enough. */
  readonly keys: readonly KeyObject[];
  readonly signal?: AbortSignal;
  /** Called with each path before it is read. */
  readonly onFile?: (path: string) => void;
}

async function signersOf(folder: string, keys: readonly KeyObject[]) {
  const envelope = await readSignatures(folder);
  if (envelope === 'none') return { signers: [], why: ['is missing: nobody has signed this version'] };
  if (envelope === 'damaged') return { signers: [], why: ['is no signature as ingot writes it'] };
  const signers = keys.filter((key) => wrongSignature(envelope, key) === undefined);
  if (signers.length === 0) return { signers, why: keys.map((key) => wrongSignature(envelope, key) ?? '') };
  return { signers, why: [], signed: Buffer.from(envelope.payload, 'base64') };
}

/**
 * Proves a version without any network: that one of the keys has signed its SHA256SUMS, that its files are those of that list, no more and no
 * less, and that they belong together. All of it is read, as streams, once the signature is right.
 * @param folder absolute, no link
 */
export async function verifyVersion(
  host: Host,
  folder: string,
  { keys, signal, onFile }: VerifyVersionOptions,
): Promise<VersionReport> {
  const { signers, why, signed } = await signersOf(folder, keys);
  // What nobody of the keys has signed is not worth reading: it may be large, and whatever it holds proves nothing.
  if (signed === undefined) {
    const problems = why.map((text) => ({ file: signatureName, why: text }));
    return { folder, signedBy: [], files: 0, bytes: 0, problems };
  }
  const read = (path: string): void => {
    signal?.throwIfAborted();
    onFile?.(path);
  };
  const { problems, digests } = await checkSums(folder, { signed, onFile: read });
  const told = new Set(problems.map(({ file }) => file));
  signal?.throwIfAborted();
  // A list that is signed and none at all: nothing was read.
  const unread = digests.size === 0 && told.has(sumsName);
  const {
    role,
    version,
    rootHash,
    problems: more,
  }: Belonging = unread
    ? { problems: [] }
    : await belongsTogether(host, { folder, digests, told, ...(signal === undefined ? {} : { signal }) });
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
