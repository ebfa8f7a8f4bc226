import type { KeyObject } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { envelopeText, parseEnvelope, signedEnvelope, statementType, wrongSignature } from '../dsse.ts';
import type { Signer } from '../signer.ts';
import { smallFile } from '../small-file.ts';
import { parseStatement, type RehearsalStatement, statementText } from './statement.ts';

/** The folder of the statements about a version. It is next to the version's folder, which is sealed. */
export const rehearsalsFolder = (version: string): string => `${version}.rehearsals`;

const ending = '.dsse.json';

/**
 * Signs a statement and writes it to a new file next to its version. Existing statements stay.
 * @param version absolute folder of the version, not a link
 * @returns the path of the file
 */
export async function writeRehearsal(
  version: string,
  statement: RehearsalStatement,
  signer: Signer,
): Promise<string> {
  const folder = rehearsalsFolder(version);
  await mkdir(folder, { recursive: true });
  const envelope = await signedEnvelope(
    Buffer.from(statementText(statement)),
    signer,
    undefined,
    statementType,
  );
  const when = statement.predicate.finishedOn.replace(/[-:.]/g, '');
  const file = join(folder, `${when}-${signer.keyId.slice(0, 12)}${ending}`);
  const next = join(folder, `.${basename(file)}-${process.pid}`);
  try {
    await writeFile(next, envelopeText(envelope));
    await rename(next, file);
  } finally {
    await rm(next, { force: true });
  }
  return file;
}

/** The identity of a verified version. */
export interface RehearsedRoot {
  readonly role: string;
  readonly version: string;
  /** Digests of dm-verity and of the file root.squashfs, hexadecimal. */
  readonly rootHash: string;
  readonly rootSha256: string;
}

/** Why a statement does not count for a version; undefined if it counts. */
function wrongStatement(
  { subject: [subject], predicate }: RehearsalStatement,
  root: RehearsedRoot,
): string | undefined {
  const { role, versions, drills } = predicate;
  if (role !== root.role) return `is about a ${role}`;
  if (subject.digest.verityRootHash !== root.rootHash)
    return `is about the root hash ${subject.digest.verityRootHash.slice(0, 16)}…, another version's`;
  if (subject.digest.sha256 !== root.rootSha256) return 'is about another root.squashfs';
  const own = versions[role];
  if (own.rootHash !== root.rootHash || own.version !== root.version)
    return `says that ${own.version} with another root hash ran`;
  const failed = drills.find(({ result }) => result === 'failed' || result === 'not run');
  if (failed !== undefined)
    return `says that the drill ${failed.name} ${failed.result === 'failed' ? 'failed' : 'was not run'}`;
  return undefined;
}

/** Reads the statements next to a version: those that count, and why others do not. */
export interface FoundRehearsals {
  readonly statements: readonly RehearsalStatement[];
  readonly refused: readonly { readonly file: string; readonly why: string }[];
}

async function readOne(
  file: string,
  root: RehearsedRoot,
  keys: readonly KeyObject[],
): Promise<RehearsalStatement | string> {
  const envelope = parseEnvelope((await smallFile(file))?.toString() ?? '', statementType);
  if (envelope === undefined) return 'is not an envelope that ingot wrote';
  const wrong = keys.map((key) => wrongSignature(envelope, key));
  if (!wrong.includes(undefined)) return wrong[0] ?? 'is not signed';
  const statement = parseStatement(Buffer.from(envelope.payload, 'base64').toString());
  if (statement === undefined) return 'is not a statement about a rehearsal';
  return wrongStatement(statement, root) ?? statement;
}

/**
 * Reads the statements about rehearsals of a verified version.
 * @param version absolute folder of the version, not a link
 * @param keys public keys; the signature of one of them is enough
 */
export async function readRehearsals(
  version: string,
  root: RehearsedRoot,
  keys: readonly KeyObject[],
): Promise<FoundRehearsals> {
  const folder = rehearsalsFolder(version);
  const names = await readdir(folder).catch(() => [] as string[]);
  const statements: RehearsalStatement[] = [];
  const refused: { file: string; why: string }[] = [];
  for (const name of names.filter((one) => one.endsWith(ending) && !one.startsWith('.')).sort()) {
    const file = join(folder, name);
    const read = await readOne(file, root, keys);
    if (typeof read === 'string') refused.push({ file, why: read });
    else statements.push(read);
  }
  return { statements, refused };
}

/** The drills that a release policy requires and that no statement reports as passed. */
export function missingDrills(
  { statements }: Pick<FoundRehearsals, 'statements'>,
  wanted: readonly string[],
): string[] {
  const passed = new Set(
    statements.flatMap(({ predicate: { drills } }) =>
      drills.filter(({ result }) => result === 'passed').map(({ name }) => name),
    ),
  );
  return wanted.filter((name) => !passed.has(name));
}
