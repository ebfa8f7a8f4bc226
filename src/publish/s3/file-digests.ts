import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { IngotError } from '../../host/ingot-error.ts';
import type { TreeFile } from '../tree/version-tree.ts';

const mebibyte = 1024 ** 2;
/** S3 accepts parts of 5 MiB to 5 GiB, the last one of any size, at most 10,000 ("Amazon S3 multipart upload limits"). */
const smallestPart = 16 * mebibyte;
const mostParts = 10_000;

/** A part of a file. */
export interface FilePart {
  readonly start: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Size of the parts of a file of this many bytes: 16 MiB, more only where there would be too many. */
export function partBytesOf(bytes: number): number {
  return Math.max(smallestPart, Math.ceil(bytes / mostParts / mebibyte) * mebibyte);
}

export const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

/** The checksum that S3 states for an object in several parts: that of their checksums, and their number. */
export function compositeChecksum(parts: readonly FilePart[]): string {
  const all = Buffer.concat(parts.map(({ sha256 }) => Buffer.from(sha256, 'hex')));
  return `${createHash('sha256').update(all).digest('base64')}-${parts.length}`;
}

/** Reads bytes of a file. */
export async function readPart(path: string, { start, bytes }: Omit<FilePart, 'sha256'>): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    let read = 0;
    while (read < bytes) {
      const { bytesRead } = await file.read(buffer, read, bytes - read, start + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return buffer.subarray(0, read);
  } finally {
    await file.close();
  }
}

/**
 * Computes the digests of the parts of a file. Each part is sent with its digest, so the bytes that a server accepts are
 * the ones that were verified here.
 * @param partBytes for tests: another size of the parts
 * @throws IngotError damaged-version if the file has changed since the version was verified
 */
export async function digestedParts(
  file: TreeFile,
  signal: AbortSignal,
  partBytes = partBytesOf(file.bytes),
): Promise<readonly FilePart[]> {
  const whole = createHash('sha256');
  const parts: FilePart[] = [];
  for (let start = 0; start < file.bytes || parts.length === 0; start += partBytes) {
    signal.throwIfAborted();
    const bytes = Math.min(partBytes, file.bytes - start);
    const read = await readPart(file.source, { start, bytes });
    whole.update(read);
    parts.push({ start, bytes: read.length, sha256: createHash('sha256').update(read).digest('hex') });
  }
  if (whole.digest('hex') === file.sha256) return parts;
  throw new IngotError({
    code: 'damaged-version',
    message: `${file.source} has changed since it was verified; the new version was not published`,
    hint: 'find out what writes to the store, and publish again',
  });
}
