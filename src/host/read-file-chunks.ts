import { close, constants, open, read } from 'node:fs';
import { promisify } from 'node:util';

// A file handle of fs/promises costs more than what is done with it, when a thousand small files are read.
const [opened, readInto, closed] = [promisify(open), promisify(read), promisify(close)];

// Of Buffer's pool; most answers are no longer.
const firstBytes = 2048;
const furtherBytes = 64 << 10;
// A FIFO would be waited for.
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads a file as it is taken, and no further.
 * @throws what the system says (ENOENT, EACCES, EISDIR, …)
 */
export async function* readFileChunks(path: string): AsyncGenerator<Uint8Array, void> {
  const file = await opened(path, flags);
  try {
    for (let size = firstBytes; ; size = furtherBytes) {
      const { bytesRead, buffer } = await readInto(file, Buffer.allocUnsafe(size), 0, size, null);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      // Less than was asked for is the end of a file (read(2)).
      if (bytesRead < size) return;
    }
  } finally {
    await closed(file);
  }
}
