import { closeSync, constants, openSync, readSync } from 'node:fs';

// Of Buffer's pool; most answers are no longer.
const firstBytes = 2048;
const furtherBytes = 64 << 10;
// A FIFO would be waited for.
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads a file as it is taken, and no further. Each read waits for the disk by itself: of thousands of small files, handing each to another
 * thread and back takes several times what reading it does.
 * @throws what the system says (ENOENT, EACCES, EISDIR, …)
 */
export function* readFileChunks(path: string): Generator<Uint8Array, void> {
  const file = openSync(path, flags);
  try {
    for (let size = firstBytes; ; size = furtherBytes) {
      const buffer = Buffer.allocUnsafe(size);
      const bytesRead = readSync(file, buffer, 0, size, null);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      // Less than was asked for is the end of a file (read(2)).
      if (bytesRead < size) return;
    }
  } finally {
    closeSync(file);
  }
}
