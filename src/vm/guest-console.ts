import { open } from 'node:fs/promises';
import { plainLines } from '../host/plain-text.ts';

const mostBytes = 64 * 1024;
const headBytes = 16 * 1024;

/**
 * The last lines of a guest's serial console, which may still grow: plain text, without empty lines.
 * @returns nothing where the file is not there (yet)
 */
export async function consoleTail(file: string, count: number): Promise<string[]> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - mostBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    // Where the file was cut, the first line is only a part.
    return plainLines(from === 0 ? text : text.slice(text.indexOf('\n') + 1)).slice(-count);
  } finally {
    await handle.close();
  }
}

/** The beginning of a guest's serial console as it was written, at most 16 KiB; empty where the file is not there (yet). */
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
