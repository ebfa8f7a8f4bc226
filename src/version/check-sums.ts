import { join } from 'node:path';
import { type Copies, type FileDigest, readDigests } from './read-digests.ts';
import { smallFile } from './small-file.ts';
import { parseSums, signatureName, sumsName } from './sums.ts';
import { versionFiles } from './version-files.ts';

/** A problem with one file of a version. */
export interface FileProblem {
  /** Relative to the version folder; empty for the folder itself. */
  readonly file: string;
  /** A predicate: "is missing". */
  readonly why: string;
}

/** The result of comparing a folder with its list of digests. */
export interface CheckedSums {
  readonly problems: readonly FileProblem[];
  /** Path → digest of each listed file that exists and was read. */
  readonly digests: ReadonlyMap<string, FileDigest>;
}

export interface CheckSumsOptions {
  /** The signed list. It takes precedence, and SHA256SUMS must have the same bytes. */
  readonly signed?: Uint8Array | undefined;
  /** Called with each path before it is read. */
  readonly onFile?: (path: string) => void;
  /** Copies that are read instead of the folder's own files. */
  readonly copies?: Copies;
}

/** The list that the files are compared with, and its problems. */
async function listOf(folder: string, signed: Uint8Array | undefined) {
  const bytes = await smallFile(join(folder, sumsName));
  const listed = parseSums(Buffer.from(signed ?? bytes ?? '').toString());
  const wrong = (why: string) => ({ listed, problems: [{ file: sumsName, why }] });
  if (bytes === undefined)
    return { ...wrong('is missing'), listed: signed === undefined ? undefined : listed };
  if (signed !== undefined && !bytes.equals(signed)) return wrong('was altered: it is not what was signed');
  return listed === undefined ? wrong('is not a list of digests that ingot wrote') : { listed, problems: [] };
}

function alteredText(sha256: string, wanted: string, listed: ReadonlyMap<string, string>): string {
  const [other] = [...listed].find(([, digest]) => digest === sha256) ?? [];
  if (other !== undefined) return `was swapped: it has the content that ${sumsName} lists for ${other}`;
  return `was altered: its SHA-256 is ${sha256}, ${sumsName} says ${wanted}`;
}

/** Compares the content of a version folder with its SHA256SUMS and finds all problems. Files are read as streams. */
export async function checkSums(
  folder: string,
  { signed, onFile, copies }: CheckSumsOptions = {},
): Promise<CheckedSums> {
  const { files, strange, empty } = await versionFiles(folder);
  const { listed, problems: ofList } = await listOf(folder, signed);
  const problems: FileProblem[] = [
    ...strange.map((file) => ({ file, why: 'is neither a file nor a folder' })),
    ...empty.map((file) => ({ file, why: 'is an empty folder, and not part of the version' })),
    ...ofList,
  ];
  if (listed === undefined) return { problems, digests: new Map() };
  const present = new Set(files);
  for (const file of listed.keys()) if (!present.has(file)) problems.push({ file, why: 'is missing' });
  const own = files.filter((file) => file !== sumsName && file !== signatureName);
  for (const file of own) if (!listed.has(file)) problems.push({ file, why: `is not in ${sumsName}` });
  const digests = await readDigests(
    folder,
    own.filter((file) => listed.has(file)),
    onFile,
    copies,
  );
  for (const [file, { sha256 }] of digests) {
    const wanted = listed.get(file);
    if (wanted !== undefined && wanted !== sha256)
      problems.push({ file, why: alteredText(sha256, wanted, listed) });
  }
  return { problems, digests };
}
