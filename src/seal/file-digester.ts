import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const bufferSize = 128 * 1024;

/**
 * Hashes many files with a fixed set of buffers, because a stream for each of tens of thousands of files leaves memory behind
 * faster than it is collected.
 */
export class FileDigester {
  readonly #free: Buffer[] = [];

  /** SHA-256 of a file's content, in hexadecimal. As many calls may run at once as the caller likes; each holds one buffer. */
  async sha256(path: string): Promise<string> {
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(bufferSize);
    const file = await open(path, 'r');
    try {
      const hash = createHash('sha256');
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, bufferSize);
        if (bytesRead === 0) return hash.digest('hex');
        hash.update(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
      this.#free.push(buffer);
    }
  }
}
