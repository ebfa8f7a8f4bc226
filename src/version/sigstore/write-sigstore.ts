import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { type Envelope, parseEnvelope, signedEnvelope, statementType, wrongSignature } from '../dsse.ts';
import { provenanceName } from '../provenance/statement.ts';
import { readBootRecord } from '../read-boot-record.ts';
import type { Signer } from '../signer.ts';
import { smallFile } from '../small-file.ts';
import { parseSums, sumsName } from '../sums.ts';
import {
  attestedDocuments,
  type AttestedVersion,
  documentStatement,
  releaseStatement,
} from './attestations.ts';
import { sigstoreBundleText } from './sigstore-bundle.ts';

/** The folder of a version's Sigstore bundles, one folder in it for each key. It is next to the version's folder. */
export const signaturesFolder = (version: string): string => `${version}.signatures`;

/** The folder of the bundles of one key: the first 12 digits of its id. */
const keyFolder = (version: string, keyid: string): string =>
  join(signaturesFolder(version), keyid.slice(0, 12));

/** What the name of every bundle ends with. */
export const bundleEnding = '.sigstore.json';

/** Whether a name is that of the folder of a key's bundles. */
export const isKeyFolder = (name: string): boolean => /^[0-9a-f]{12}$/.test(name);

const attestations = 'attestations';
const releaseFile = join(attestations, `release${bundleEnding}`);

function damaged(folder: string, what: string): IngotError {
  return new IngotError({
    code: 'damaged-version',
    message: `${folder}: ${what}`,
    hint: 'remove this version from the store and bake it again',
  });
}

/** The version of a folder: every file of its list, and the list itself. */
async function attestedVersion(folder: string, sums: Buffer): Promise<AttestedVersion> {
  const [listed, boot] = [parseSums(sums.toString()), await readBootRecord(folder)];
  if (listed === undefined || boot === undefined)
    throw damaged(folder, 'it is not a version that ingot wrote');
  const own = createHash('sha256').update(sums).digest('hex');
  const role = boot.role === 'master' ? 'master' : 'slave';
  return { role, version: boot.version, digests: new Map([...listed, [sumsName, own]]) };
}

/** The envelope with the release statement in a folder of bundles; undefined if it cannot be read. */
async function releaseOf(folder: string): Promise<Envelope | undefined> {
  try {
    const text = (await smallFile(join(folder, releaseFile)))?.toString() ?? '';
    const { dsseEnvelope } = JSON.parse(text) as { readonly dsseEnvelope?: unknown };
    return parseEnvelope(`${JSON.stringify(dsseEnvelope)}\n`, statementType);
  } catch {
    return undefined;
  }
}

const states = (envelope: Envelope | undefined, statement: string): boolean =>
  envelope?.payload === Buffer.from(statement).toString('base64');

/** Removes the bundles of other files: those of a version of this name that was replaced. */
async function removeOutdated(folder: string, release: string): Promise<void> {
  const all = signaturesFolder(folder);
  const names = await readdir(all).catch(() => [] as string[]);
  for (const name of names.filter(isKeyFolder))
    if (!states(await releaseOf(join(all, name)), release))
      await rm(join(all, name), { recursive: true, force: true });
}

/** Reads a document of a version and checks its digest. */
async function documentText(folder: string, name: string, { digests }: AttestedVersion): Promise<string> {
  const bytes = await readFile(join(folder, name));
  if (createHash('sha256').update(bytes).digest('hex') !== digests.get(name))
    throw damaged(folder, `${name} was altered, and was not signed`);
  return bytes.toString();
}

async function signedStatement(signer: Signer, statement: string): Promise<string> {
  const envelope = await signedEnvelope(Buffer.from(statement), signer, undefined, statementType);
  return sigstoreBundleText(signer.keyId, { envelope });
}

/** The bundles of a version: path below the folder of the key → text. */
async function bundlesOf(
  folder: string,
  version: AttestedVersion,
  signer: Signer,
): Promise<ReadonlyMap<string, string>> {
  const bundles = new Map<string, string>();
  const release = await signedStatement(signer, releaseStatement(version));
  bundles.set(releaseFile, release);
  // A file that has several names is signed once.
  const signed = new Map<string, string>();
  for (const [path, sha256] of version.digests) {
    const known = signed.get(sha256);
    const signature = known === undefined && (await signer.signFile?.({ file: join(folder, path), sha256 }));
    const own = signature instanceof Uint8Array ? sigstoreBundleText(signer.keyId, { sha256, signature }) : release; // prettier-ignore
    signed.set(sha256, known ?? own);
    bundles.set(`${path}${bundleEnding}`, known ?? own);
  }
  const attested = (name: string): string => join(attestations, `${basename(name, '.json')}${bundleEnding}`);
  if (version.digests.has(provenanceName))
    bundles.set(
      attested(provenanceName),
      await signedStatement(signer, await documentText(folder, provenanceName, version)),
    );
  for (const name of Object.keys(attestedDocuments).filter((one) => version.digests.has(one))) {
    const statement = documentStatement(name, await documentText(folder, name, version), version);
    bundles.set(attested(name), await signedStatement(signer, statement));
  }
  return bundles;
}

/**
 * Writes the Sigstore bundles of a key next to a version: one for each file, and attestations of what the files are,
 * how they were baked, and what is in them. A key of ecdsa-p256 signs each file; ed25519 cannot sign a digest, so the
 * bundle of each file is the statement that lists all of them. Bundles of other keys stay, unless they are of a version
 * that was replaced.
 * @param folder absolute path of a version whose files are known to match its SHA256SUMS
 * @returns whether they were written; false if the key's bundles of these files are there already
 * @throws IngotError damaged-version for a file that was altered in the meantime; then nothing is written
 * @throws IngotError signer-failed if a program does not answer with a signature
 */
export async function writeSigstore(folder: string, signer: Signer): Promise<boolean> {
  const sums = await smallFile(join(folder, sumsName));
  if (sums === undefined) throw damaged(folder, `${sumsName} is missing`);
  const version = await attestedVersion(folder, sums);
  const release = releaseStatement(version);
  const target = keyFolder(folder, signer.keyId);
  const before = await releaseOf(target);
  if (
    before !== undefined &&
    states(before, release) &&
    wrongSignature(before, signer.publicKey) === undefined
  )
    return false;
  const bundles = await bundlesOf(folder, version, signer);
  // Next to the version: readers find either all bundles of a key or none.
  const next = join(dirname(folder), `.${basename(folder)}.signatures-${process.pid}`);
  try {
    for (const [path, text] of bundles) {
      await mkdir(dirname(join(next, path)), { recursive: true });
      await writeFile(join(next, path), text);
    }
    await removeOutdated(folder, release);
    await rm(target, { recursive: true, force: true });
    await mkdir(dirname(target), { recursive: true });
    await rename(next, target);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
  return true;
}
