import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
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
const bufferSize = 128 * 1024;
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
 * Reads many files with a fixed set of buffers, because one stream per file for tens of thousands of files allocates
 * memory faster than it is collected. Each file is read once, for its digest and for the secrets in it; links are not
 * followed.
 */
export class FileReader {
  readonly #free: Buffer[] = [];

  /**
   * Reads a file. Any number of calls may run in parallel; each uses one buffer.
   * @param place absolute, on this host
   * @throws IngotError wrong-root for a file that is larger than an image can be
   * @param path its path in the image, which distinguishes credentials from examples
   */
  async read(place: string, path: string, size: number): Promise<ReadFile> {
    if (size > largestFile) {
      throw new IngotError({
        code: 'wrong-root',
        message: `${path} of the image has ${size} bytes; a file of an image has ${largestFile} at most`,
        hint: 'a package or a step created it, perhaps as a sparse file: remove it there',
      });
    }
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(overlap + bufferSize);
    try {
      // Passing a small file to another thread and back takes several times as long as reading it.
      return size < bufferSize ? readSmall(place, path, buffer) : await readLarge(place, path, size, buffer);
    } finally {
      this.#free.push(buffer);
    }
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

async function readLarge(place: string, path: string, size: number, buffer: Buffer): Promise<ReadFile> {
  const file = await open(place, flags);
  try {
    const hash = createHash('sha256');
    let searchFrom = 0;
    let key = false;
    for (let position = 0; ;) {
      const { bytesRead } = await file.read(buffer, overlap, bufferSize, position);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(overlap, overlap + bytesRead));
      const seen = Math.min(overlap, position);
      const piece = buffer.subarray(overlap - seen, overlap + bytesRead);
      if (!key) {
        const start = position - seen;
        ({ key, searchFrom } = await searchPiece(file, piece, start, searchFrom));
      }
      position += bytesRead;
      // Keeps the end of this piece in front of the next one.
      buffer.copyWithin(0, bytesRead, overlap + bytesRead);
    }
    const secrets = key ? ['a private key'] : [];
    if (size <= largestCredentials) secrets.push(...(await credentialsOf(file, path, size)));
    return { sha256: hash.digest('hex'), secrets };
  } finally {
    await file.close();
  }
}

/**
 * Checks the surroundings of each keyword in a piece. After a check it continues half a window later, so that no part
 * of a file is read many times.
 */
async function searchPiece(
  file: FileHandle,
  piece: Buffer,
  start: number,
  searchFrom: number,
): Promise<{ key: boolean; searchFrom: number }> {
  let from = searchFrom;
  for (;;) {
    const at = firstKeyWord(piece, Math.max(0, from - start));
    if (at === -1) return { key: false, searchFrom: from };
    const window = Buffer.allocUnsafe(2 * longestKey);
    const { bytesRead } = await file.read(window, 0, window.length, Math.max(0, start + at - 64));
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

async function credentialsOf(file: FileHandle, path: string, size: number): Promise<string[]> {
  const content = Buffer.alloc(size);
  const { bytesRead } = await file.read(content, 0, size, 0);
  const text = content.subarray(0, bytesRead);
  return text.includes(0) ? [] : credentialKindsIn(path, text.toString('latin1'));
}
