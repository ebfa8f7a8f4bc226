import { recordFiles } from './record-files.ts';

/** The list of a version's files with their digests. */
export const sumsName = recordFiles.sums;

/** The signature over that list. */
export const signatureName = recordFiles.signature;

const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * Writes the text of SHA256SUMS in the format of sha256sum(1): a line `HEX  relative/path` for each file, sorted
 * bytewise.
 * @param digests path relative to the version folder → SHA-256 in hexadecimal
 */
export function sumsText(digests: ReadonlyMap<string, string>): string {
  return [...digests.keys()]
    .sort(bytewise)
    .map((path) => `${digests.get(path) ?? ''}  ${path}\n`)
    .join('');
}

/**
 * Strictly parses the text of SHA256SUMS. A text that sumsText would not write is refused.
 * @returns path → digest, or undefined
 */
export function parseSums(text: string): ReadonlyMap<string, string> | undefined {
  const digests = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const found = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    if (found?.[1] === undefined || found[2] === undefined) return undefined;
    digests.set(found[2], found[1]);
  }
  return sumsText(digests) === text ? digests : undefined;
}
