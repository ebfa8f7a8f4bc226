import { createHash, createVerify, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import { ecdsaDer } from './ecdsa.ts';
import { signingVariable } from './key-files.ts';
import { isSignature, type KeyAlgorithm, keyAlgorithm, keyId, parsePublicKey } from './keys.ts';
import type { DigestedFile, Signer } from './signer.ts';

/** How a program that signs is run. */
export interface SignerProgram {
  /** A command line of sh(1). */
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
  /** The user's environment: credentials of a token or a service are in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** A person may have to touch a token. */
const timeoutMs = 5 * 60_000;
const hint = 'docs/release.md#a-program-that-signs says what the program has to answer';

const failed = (message: string, excerpt: readonly string[] = []): IngotError =>
  new IngotError({ code: 'signer-failed', message, excerpt, hint });

/** Runs the program with arguments after those of its own; returns what it writes to stdout. */
async function answer(host: Host, program: SignerProgram, args: readonly string[]): Promise<string> {
  const { command, cwd, env, signal } = program;
  const passed = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || name === signingVariable ? [] : [[name, value] as const],
  );
  try {
    const { stdout } = await host.run('sh', ['-c', `${command} "$@"`, 'signer', ...args], {
      ...{ cwd, timeoutMs, env: Object.fromEntries(passed) },
      ...(signal === undefined ? {} : { signal }),
    });
    return stdout;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof IngotError)) throw error;
    // Neither the command nor its environment is shown: they may contain a PIN or a token.
    const how = error.message.replace(/^sh /, '');
    throw failed(`the program of --signer ${how} when it was called with "${args[0] ?? ''}"`, error.excerpt);
  }
}

/** The signature that the program answered, in the form that everybody verifies. */
function signatureIn(text: string, algorithm: KeyAlgorithm): Buffer {
  const encoded = text.replace(/\s/g, '');
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== encoded)
    throw failed('the program of --signer did not answer with a signature in Base64');
  return algorithm === 'ed25519' ? bytes : ecdsaDer(bytes);
}

const notItsSignature = (keyid: string): IngotError =>
  failed(`what the program of --signer answered is not a signature by its own key ${keyid.slice(0, 16)}…`);

/** Reads a file and checks that it has the digest and the signature. */
async function requireSigned(
  { file, sha256 }: DigestedFile,
  publicKey: KeyObject,
  signature: Uint8Array,
): Promise<void> {
  const [verifying, hash] = [createVerify('sha256'), createHash('sha256')];
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    verifying.update(chunk);
    hash.update(chunk);
  }
  if (hash.digest('hex') !== sha256)
    throw new IngotError({
      code: 'damaged-version',
      message: `${file} was altered while it was being signed`,
      hint: 'find out what else writes to this folder, then sign again',
    });
  if (!verifying.verify(publicKey, signature)) throw notItsSignature(keyId(publicKey));
}

/**
 * A signer whose key is in a program: a token, or a service. The program is called as `CMD public-key`, which prints
 * the public key in PEM, and as `CMD sign ALGORITHM FILE`, which prints the signature in Base64. FILE contains the
 * bytes to sign: for ed25519 the message, for ecdsa-p256 its SHA-256 digest of 32 bytes. Every answer is verified.
 * @throws IngotError signer-failed if it cannot be run, or answers something else
 * @throws IngotError wrong-key if its key is neither ed25519 nor ECDSA P-256
 */
export async function programSigner(host: Host, program: SignerProgram): Promise<Signer> {
  const publicKey = parsePublicKey(
    await answer(host, program, ['public-key']),
    'what the program of --signer answered',
  );
  const algorithm = keyAlgorithm(publicKey) ?? 'ed25519';
  const id = keyId(publicKey);
  const signed = (bytes: Uint8Array): Promise<Buffer> =>
    withTemporaryFolder(async (folder) => {
      const file = join(folder, 'to-sign');
      await writeFile(file, bytes);
      return signatureIn(await answer(host, program, ['sign', algorithm, file]), algorithm);
    });
  const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
  return {
    keyId: id,
    algorithm,
    publicKey,
    sign: async (payload) => {
      const signature = await signed(algorithm === 'ed25519' ? payload : sha256(payload));
      if (!isSignature(publicKey, payload, signature)) throw notItsSignature(id);
      return signature;
    },
    ...(algorithm === 'ed25519'
      ? {}
      : {
          signFile: async (file: DigestedFile) => {
            const signature = await signed(Buffer.from(file.sha256, 'hex'));
            await requireSigned(file, publicKey, signature);
            return signature;
          },
        }),
  };
}
