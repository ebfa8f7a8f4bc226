import { closeSync, constants, openSync, readSync } from 'node:fs';

// The size fits Buffer's pool; most answers are not longer.
const firstBytes = 2048;
const furtherBytes = 64 << 10;
// Opening a FIFO would block.
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads a file in chunks, only as far as the caller takes them. Each read blocks: with thousands of small files,
 * passing each one to another thread and back takes several times as long as reading it.
 * @throws the system's error (ENOENT, EACCES, EISDIR, …)
 */
export function* readFileChunks(path: string): Generator<Uint8Array, void> {
  const file = openSync(path, flags);
  try {
    for (let size = firstBytes; ; size = furtherBytes) {
      const buffer = Buffer.allocUnsafe(size);
      const bytesRead = readSync(file, buffer, 0, size, null);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      // A short read means the end of the file (read(2)).
      if (bytesRead < size) return;
    }
  } finally {
    closeSync(file);
  }
}
