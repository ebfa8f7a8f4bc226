import type { Readable } from 'node:stream';

/** The largest manifest or record that is read into memory, in bytes (OCI distribution specification, 4 MiB). */
export const smallLimit = 4 * 1024 ** 2;

/**
 * Reads a body that has to fit into memory.
 * @throws Error if it is larger
 */
export async function readSmall(body: Readable, limit: number = smallLimit): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > limit) {
      body.destroy();
      throw new Error(`the answer is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
