import { createHash, createVerify, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesBelow } from '../../host/files-below.ts';
import type { FileProblem } from '../check-sums.ts';
import { wrongSignature } from '../dsse.ts';
import { keyAlgorithm, keyId } from '../keys.ts';
import { provenanceName } from '../provenance/statement.ts';
import { smallFile } from '../small-file.ts';
import { parseSums, sumsName } from '../sums.ts';
import { type ReadBundle, readBundle, type ReadStatement } from './read-bundle.ts';
import { bundleEnding, isKeyFolder, signaturesFolder } from './write-sigstore.ts';

/** The version that bundles have to fit. */
export interface BundledVersion {
  /** Absolute path of its folder; its files are known to match its SHA256SUMS. */
  readonly folder: string;
  /** Path of each of its files, and of the list → SHA-256, hexadecimal. */
  readonly digests: ReadonlyMap<string, string>;
  /** Public keys; the signatures of others are not checked. */
  readonly keys: readonly KeyObject[];
}

/** What was found next to a version. */
export interface CheckedBundles {
  /** Number of bundles that were read. */
  readonly bundles: number;
  /** Ids of the given keys whose bundles were verified. */
  readonly verifiedBy: readonly string[];
  readonly problems: readonly FileProblem[];
}

const attestationsFolder = 'attestations/';

/** Why a statement does not fit the files; undefined if it does. */
function unfitting(
  path: string,
  statement: ReadStatement,
  digests: BundledVersion['digests'],
): string | undefined {
  const { subjects, payload } = statement;
  const wrong = subjects.find(({ name, sha256 }) => digests.get(name) !== sha256);
  if (wrong !== undefined)
    return digests.has(wrong.name)
      ? `states another digest of ${wrong.name} than the version has`
      : `is about ${JSON.stringify(wrong.name)}, which the version does not have`;
  if (path === `${attestationsFolder}${basename(provenanceName, '.json')}${bundleEnding}`)
    return createHash('sha256').update(payload).digest('hex') === digests.get(provenanceName)
      ? undefined
      : `is not ${provenanceName} of the version`;
  if (path.startsWith(attestationsFolder)) return subjects.length > 0 ? undefined : 'is about no file';
  const file = path.slice(0, -bundleEnding.length);
  return subjects.some(({ name }) => name === file) ? undefined : `is not about ${file}`;
}

/** Whether a signature is one of a file: it is read, because Node.js verifies no digests. */
async function isFileSignature(key: KeyObject, file: string, signature: Buffer): Promise<boolean> {
  const verifier = createVerify('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
    verifier.update(chunk as Buffer);
  return verifier.verify(key, signature);
}

/** Judges the bundles of a key; a signature of the same bytes is verified once. */
function judgeOf({ folder, digests }: BundledVersion, key: KeyObject | undefined) {
  const verified = new Map<string, Promise<boolean>>();
  return async (path: string, { content }: ReadBundle): Promise<string | undefined> => {
    if ('statement' in content) {
      const why = unfitting(path, content.statement, digests);
      return why ?? (key === undefined ? undefined : wrongSignature(content.statement.envelope, key));
    }
    const { sha256, signature } = content;
    const file = path.slice(0, -bundleEnding.length);
    if (digests.get(file) !== sha256) return `is not about ${file}: it signs other bytes`;
    if (key === undefined) return undefined;
    const bad = `has a bad signature by key ${keyId(key).slice(0, 16)}`;
    if (keyAlgorithm(key) !== 'ecdsa-p256') return bad;
    const signed = `${sha256} ${signature.toString('hex')}`;
    const again = verified.get(signed) ?? isFileSignature(key, join(folder, file), signature);
    verified.set(signed, again);
    return (await again) ? undefined : bad;
  };
}

/**
 * Checks the bundles of one key.
 * @param place absolute folder of the bundles
 */
export async function checkBundlesOfKey(
  place: string,
  version: BundledVersion,
  onFile: (path: string) => void = () => undefined,
): Promise<CheckedBundles> {
  const name = basename(place);
  const key = version.keys.find((one) => keyId(one).startsWith(name));
  const judge = judgeOf(version, key);
  const problems: FileProblem[] = [];
  const files = [...(await filesBelow(place))].sort();
  for (const path of files) {
    onFile(join(name, path));
    const why = await whyWrong(join(place, path), path, name, judge);
    if (why !== undefined) problems.push({ file: join(name, path), why });
  }
  const good = key !== undefined && problems.length === 0 && files.length > 0;
  return { bundles: files.length, verifiedBy: good ? [keyId(key)] : [], problems };
}

async function whyWrong(
  file: string,
  path: string,
  keyFolder: string,
  judge: ReturnType<typeof judgeOf>,
): Promise<string | undefined> {
  const text = path.endsWith(bundleEnding) ? (await smallFile(file))?.toString() : undefined;
  const bundle = text === undefined ? undefined : readBundle(text);
  if (bundle === undefined) return 'is not a Sigstore bundle of a key';
  return bundle.keyid.startsWith(keyFolder) ? judge(path, bundle) : 'names another key than its folder';
}

/**
 * Checks the Sigstore bundles next to a version: each has to be about the bytes that the version has, and those of the
 * given keys have to be signed by them. A version without bundles has no problem.
 * @param folder absolute path of the version, whose files are known to match its SHA256SUMS
 * @param onFile called with the path of each bundle before it is read, relative to the folder of the bundles
 * @returns problems with paths relative to the version's folder
 */
export async function checkSigstore(
  folder: string,
  keys: readonly KeyObject[],
  onFile?: (path: string) => void,
): Promise<CheckedBundles> {
  const all = signaturesFolder(folder);
  if ((await lstat(all).catch(() => undefined)) === undefined)
    return { bundles: 0, verifiedBy: [], problems: [] };
  const sums = await smallFile(join(folder, sumsName));
  const listed = parseSums(sums?.toString() ?? '') ?? new Map<string, string>();
  const own = createHash('sha256')
    .update(sums ?? '')
    .digest('hex');
  const version = { folder, keys, digests: new Map([...listed, [sumsName, own]]) };
  const found: CheckedBundles[] = [];
  for (const name of (await readdir(all)).sort())
    found.push(
      isKeyFolder(name)
        ? await checkBundlesOfKey(join(all, name), version, onFile)
        : {
            bundles: 0,
            verifiedBy: [],
            problems: [{ file: name, why: 'is not a folder of bundles of a key' }],
          },
    );
  return {
    bundles: found.reduce((sum, { bundles }) => sum + bundles, 0),
    verifiedBy: found.flatMap(({ verifiedBy }) => verifiedBy),
    problems: found.flatMap(({ problems }) =>
      problems.map(({ file, why }) => ({ file: join('..', basename(all), file), why })),
    ),
  };
}
