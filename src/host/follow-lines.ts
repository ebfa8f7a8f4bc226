import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as wait } from 'node:timers/promises';

/** How long a file is followed. */
export interface Following {
  readonly signal: AbortSignal;
  /** Whether nothing will be written any more; what was written until then is still returned. */
  readonly isOver: () => Promise<boolean>;
}

const everyMs = 250;
const maxBytes = 1024 * 1024;

/** Reads a file from a position, at most 1 MiB; nothing if it does not exist (yet). */
async function readFrom(file: string, position: number): Promise<{ bytes: Buffer; from: number }> {
  const none = { bytes: Buffer.alloc(0), from: position };
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return none;
  try {
    const { size } = await handle.stat();
    // A console that has become too large is cut while it is written.
    const from = Math.min(position, size);
    const length = Math.min(size - from, maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
    return { bytes: buffer.subarray(0, bytesRead), from };
  } finally {
    await handle.close();
  }
}

/** Returns the lines of a file that another process writes, those that it already has first, without their ends. */
export async function* followLines(file: string, { signal, isOver }: Following): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let position = 0;
  let rest = '';
  while (!signal.aborted) {
    // Checked before reading, so that nothing that was written before the end is missed.
    const over = await isOver();
    for (;;) {
      const { bytes, from } = await readFrom(file, position);
      position = from + bytes.length;
      const lines = (rest + decoder.write(bytes)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (bytes.length < maxBytes) break;
    }
    if (over) break;
    // Nothing signals what another process writes, on every file system.
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
  if (rest !== '') yield rest;
}
