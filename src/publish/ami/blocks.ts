import { createHash, webcrypto } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** The size of a block of a snapshot in bytes; the EBS direct APIs have no other. */
export const blockBytes = 512 * 1024;

/** A raw disk in a sparse file. */
export interface SparseDisk {
  /** Absolute path. */
  readonly path: string;
  /** Size in bytes, as a machine sees it. */
  readonly bytes: number;
  /** The parts that may hold data, in bytes and in their order. */
  readonly data: readonly { readonly start: number; readonly length: number }[];
}

const zeros = Buffer.alloc(blockBytes);

/** The indexes of the blocks of a disk that are not in a hole, in their order. */
export function blocksOutsideHoles({ data }: Pick<SparseDisk, 'data'>): number[] {
  const indexes: number[] = [];
  for (const { start, length } of data)
    for (let index = Math.floor(start / blockBytes); index * blockBytes < start + length; index += 1)
      if (index > (indexes.at(-1) ?? -1)) indexes.push(index);
  return indexes;
}

/**
 * Reads one block of a disk into a buffer; the last one is filled up with zeros.
 * @returns whether it holds data: a block of zeros is not uploaded, because a volume is zero where a snapshot has none
 */
export async function readBlock(disk: FileHandle, index: number, into: Buffer): Promise<boolean> {
  let filled = 0;
  while (filled < blockBytes) {
    const { bytesRead } = await disk.read(into, filled, blockBytes - filled, index * blockBytes + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  if (filled < blockBytes) into.fill(0, filled);
  return !into.equals(zeros);
}

/** The SHA-256 of a block in Base64, computed on a thread of its own. */
export async function blockChecksum(block: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', block)).toString('base64');
}

/**
 * The linear checksum of all blocks (API reference of CompleteSnapshot): the SHA-256 of their digests one after the
 * other, in the order of the blocks.
 * @param checksums index of a block → its SHA-256 in Base64
 */
export function linearChecksum(checksums: ReadonlyMap<number, string>): string {
  const hash = createHash('sha256');
  for (const [, checksum] of [...checksums].sort(([one], [other]) => one - other))
    hash.update(Buffer.from(checksum, 'base64'));
  return hash.digest('base64');
}
