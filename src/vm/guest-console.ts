import { open } from 'node:fs/promises';
import { plainLines } from '../host/plain-text.ts';

const maxBytes = 64 * 1024;
const headBytes = 16 * 1024;

/**
 * Returns the last lines of a guest's serial console as plain text, without empty lines. The file may still grow.
 * @returns an empty list if the file does not exist (yet)
 */
export async function consoleTail(file: string, count: number): Promise<string[]> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    // If only the end of the file was read, its first line is incomplete.
    return plainLines(from === 0 ? text : text.slice(text.indexOf('\n') + 1)).slice(-count);
  } finally {
    await handle.close();
  }
}

/** The beginning of a guest's serial console, unchanged, at most 16 KiB; empty if the file does not exist (yet). */
export async function consoleHead(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
