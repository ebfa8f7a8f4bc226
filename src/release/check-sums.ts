import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../host/sha256-file.ts';
import { parseSums, signatureName, sumsName } from './sums.ts';
import { versionFiles } from './version-files.ts';

/** What is wrong with one file of a version. */
export interface Problem {
  /** Relative to the version folder. */
  readonly file: string;
  /** A predicate: "is missing". */
  readonly why: string;
}

/** A list of digests as a folder has it. */
export interface CheckedSums {
  readonly problems: readonly Problem[];
  /** Path → digest of what lies there and was read. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Compares what lies in a version folder with its SHA256SUMS; finds all that is wrong. Files are read as streams. */
export async function checkSums(folder: string): Promise<CheckedSums> {
  const { files, strange } = await versionFiles(folder);
  const problems: Problem[] = strange.map((file) => ({ file, why: 'is neither a file nor a folder' }));
  const digests = new Map<string, string>();
  if (!files.includes(sumsName))
    return { problems: [...problems, { file: sumsName, why: 'is missing' }], digests };
  const listed = parseSums(await readFile(join(folder, sumsName), 'utf8'));
  if (listed === undefined)
    return {
      problems: [...problems, { file: sumsName, why: 'is no list of digests as ingot writes it' }],
      digests,
    };
  const present = new Set(files);
  for (const file of listed.keys()) if (!present.has(file)) problems.push({ file, why: 'is missing' });
  for (const file of files) {
    if (file === sumsName || file === signatureName) continue;
    const wanted = listed.get(file);
    if (wanted === undefined) {
      problems.push({ file, why: `is not in ${sumsName}` });
      continue;
    }
    const digest = await sha256File(join(folder, file));
    digests.set(file, digest);
    if (digest !== wanted)
      problems.push({ file, why: `was altered: its SHA-256 is ${digest}, ${sumsName} says ${wanted}` });
  }
  return { problems, digests };
}
