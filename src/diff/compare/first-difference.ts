import { open } from 'node:fs/promises';
import type { FirstDifference } from './version-difference.ts';

/** Reads up to `length` bytes from `offset`. It returns fewer only at the end. */
export type ByteSource = (offset: number, length: number) => Promise<Buffer>;

const chunkBytes = 1 << 20;
const lineBytes = 16;

export function bufferSource(buffer: Buffer): ByteSource {
  return (offset, length) => Promise.resolve(buffer.subarray(offset, offset + length));
}

/** Finds the first difference of two contents and reads no further; undefined if they are the same. */
export async function firstDifference(
  stored: ByteSource,
  made: ByteSource,
): Promise<FirstDifference | undefined> {
  for (let start = 0; ; start += chunkBytes) {
    const [a, b] = await Promise.all([stored(start, chunkBytes), made(start, chunkBytes)]);
    if (!a.equals(b)) {
      const offset = start + differingIndex(a, b);
      const line = offset - (offset % lineBytes);
      const [left, right] = await Promise.all([stored(line, lineBytes), made(line, lineBytes)]);
      return { offset, stored: hexLine(line, left), made: hexLine(line, right) };
    }
    if (a.length < chunkBytes) return undefined;
  }
}

/** Finds the first difference of two files; undefined if they are the same. */
export async function firstFileDifference(
  storedFile: string,
  madeFile: string,
): Promise<FirstDifference | undefined> {
  const stored = await open(storedFile, 'r');
  try {
    const made = await open(madeFile, 'r');
    const source =
      (handle: typeof made): ByteSource =>
      async (offset, length) => {
        const buffer = Buffer.allocUnsafe(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      };
    try {
      return await firstDifference(source(stored), source(made));
    } finally {
      await made.close();
    }
  } finally {
    await stored.close();
  }
}

function differingIndex(a: Buffer, b: Buffer): number {
  const common = Math.min(a.length, b.length);
  let index = 0;
  while (index < common && a[index] === b[index]) index += 1;
  return index;
}

/** Formats a line like hexdump -C: offset, bytes, and the printable characters. */
export function hexLine(offset: number, bytes: Buffer): string {
  const place = offset.toString(16).padStart(8, '0');
  if (bytes.length === 0) return `${place}  (ends here)`;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const printed = [...bytes]
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    .join('');
  return `${place}  ${hex.padEnd(lineBytes * 3 - 1)}  |${printed}|`;
}
