import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { IngotError } from '../../host/ingot-error.ts';
import {
  credentialKindsIn,
  hasPrivateKey,
  isDerKey,
  keyWords,
  largestCredentials,
  longestKey,
} from './secret-text.ts';

/** A larger file must be sparse, and reading it would take hours. */
const largestFile = 64 * 1024 ** 3;
const bufferSize = 512 * 1024;
/** The longest keyword may be split at the end of a buffer. */
const overlap = Math.max(...keyWords.map(({ length }) => length)) + 64;
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The result of reading a file once. */
export interface ReadFile {
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
  /** The kinds of secrets in it, each once: "a private key". */
  readonly secrets: readonly string[];
}

/**
 * Reads many files with one buffer, because one stream per file for tens of thousands of files allocates memory faster
 * than it is collected. Reads are synchronous: passing a piece to another thread and back takes longer than reading it
 * from the page cache. Each file is read once, for its digest and for the secrets in it; links are not followed.
 */
export class FileReader {
  readonly #buffer = Buffer.allocUnsafeSlow(overlap + bufferSize);

  /**
   * Reads a file. The event loop waits meanwhile, so callers pause between files.
   * @param place absolute, on this host
   * @throws IngotError wrong-root for a file that is larger than an image can be
   * @param path its path in the image, which distinguishes credentials from examples
   */
  read(place: string, path: string, size: number): ReadFile {
    if (size > largestFile) {
      throw new IngotError({
        code: 'wrong-root',
        message: `${path} of the image has ${size} bytes; a file of an image has ${largestFile} at most`,
        hint: 'a package or a step created it, perhaps as a sparse file: remove it there',
      });
    }
    return (size < bufferSize ? readSmall : readLarge)(place, path, this.#buffer, size);
  }
}

function readSmall(place: string, path: string, buffer: Buffer): ReadFile {
  const file = openSync(place, flags);
  try {
    const length = readSync(file, buffer, 0, bufferSize, 0);
    const content = buffer.subarray(0, length);
    const secrets: string[] = [];
    if (isDerKey(content) || (hasKeyWord(content) && hasPrivateKey(content.toString('latin1'))))
      secrets.push('a private key');
    if (!content.includes(0)) secrets.push(...credentialKindsIn(path, content.toString('latin1')));
    return { sha256: createHash('sha256').update(content).digest('hex'), secrets };
  } finally {
    closeSync(file);
  }
}

function readLarge(place: string, path: string, buffer: Buffer, size: number): ReadFile {
  const file = openSync(place, flags);
  try {
    const hash = createHash('sha256');
    let searchFrom = 0;
    let key = false;
    for (let position = 0; ;) {
      const bytesRead = readSync(file, buffer, overlap, bufferSize, position);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(overlap, overlap + bytesRead));
      const seen = Math.min(overlap, position);
      const piece = buffer.subarray(overlap - seen, overlap + bytesRead);
      if (!key) {
        const start = position - seen;
        ({ key, searchFrom } = searchPiece(file, piece, start, searchFrom));
      }
      position += bytesRead;
      // Keeps the end of this piece in front of the next one.
      buffer.copyWithin(0, bytesRead, overlap + bytesRead);
    }
    const secrets = key ? ['a private key'] : [];
    if (size <= largestCredentials) secrets.push(...credentialsOf(file, path, size));
    return { sha256: hash.digest('hex'), secrets };
  } finally {
    closeSync(file);
  }
}

/**
 * Checks the surroundings of each keyword in a piece. After a check it continues half a window later, so that no part
 * of a file is read many times.
 */
function searchPiece(
  file: number,
  piece: Buffer,
  start: number,
  searchFrom: number,
): { key: boolean; searchFrom: number } {
  let from = searchFrom;
  for (;;) {
    const at = firstKeyWord(piece, Math.max(0, from - start));
    if (at === -1) return { key: false, searchFrom: from };
    const window = Buffer.allocUnsafe(2 * longestKey);
    const bytesRead = readSync(file, window, 0, window.length, Math.max(0, start + at - 64));
    if (hasPrivateKey(window.toString('latin1', 0, bytesRead))) return { key: true, searchFrom: from };
    from = start + at + longestKey - 64;
  }
}

function firstKeyWord(bytes: Buffer, from: number): number {
  if (from >= bytes.length) return -1;
  const found = keyWords.map((word) => bytes.indexOf(word, from)).filter((at) => at !== -1);
  return found.length === 0 ? -1 : Math.min(...found);
}

const hasKeyWord = (bytes: Buffer): boolean => keyWords.some((word) => bytes.includes(word));

function credentialsOf(file: number, path: string, size: number): string[] {
  const content = Buffer.alloc(size);
  const bytesRead = readSync(file, content, 0, size, 0);
  const text = content.subarray(0, bytesRead);
  return text.includes(0) ? [] : credentialKindsIn(path, text.toString('latin1'));
}
