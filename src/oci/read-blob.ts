import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { IngotError } from '../host/ingot-error.ts';
import type { Descriptor } from './descriptor.ts';
import { readSmall } from './read-small.ts';
import { isFinal, type Registry } from './registry.ts';
import { causeText, registryFailed } from './registry-failure.ts';

/** The error for bytes in a registry that are not those of their digest. */
function otherBytes({ address }: Registry, digest: string): IngotError {
  return new IngotError({
    code: 'registry-failed',
    message: `${address.host} has other bytes for ${digest}: its storage is damaged, or somebody altered it`,
    hint: 'nothing was changed here; the administrators of the registry have to remove the blob before it can be pushed again',
  });
}

async function take(chunk: Uint8Array, to: Writable | undefined, hash: Hash): Promise<void> {
  hash.update(chunk);
  if (to !== undefined && !to.write(chunk)) await once(to, 'drain');
}

/**
 * Reads a blob as a stream and compares its digest. After a cut, it continues where it was cut.
 * @param to receives the bytes, and is not ended; undefined: they are only compared
 * @throws IngotError registry-failed if it is missing, or has other bytes; errors of `to`
 */
export async function readBlob(
  registry: Registry,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  to?: Writable,
  onProgress?: (bytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  const failure: { write?: unknown } = {};
  const failing = (error: unknown): void => void (failure.write ??= error);
  // It stays: a stream that is destroyed during a write has one more error.
  to?.on('error', failing);
  for (let [offset, failed] = [0, 0]; ;) {
    const before = offset;
    const { status, body } = await registry.send({
      ...{ method: 'GET', url: `blobs/${digest}`, accept: [200, 206, 416] },
      headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
    });
    if (status === 416) throw otherBytes(registry, digest);
    // A registry without ranges begins again.
    let skip = status === 200 ? offset : 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        const rest = chunk.subarray(Math.min(skip, chunk.byteLength));
        skip -= chunk.byteLength - rest.byteLength;
        offset += rest.byteLength;
        if (offset > size) throw otherBytes(registry, digest);
        await take(rest, to, hash);
        if (failure.write !== undefined) throw failure.write as Error;
        onProgress?.(rest.byteLength);
      }
      if (offset === size) break;
      throw new Error(`it ended after ${offset} of ${size} bytes`);
    } catch (error) {
      body.destroy();
      registry.signal.throwIfAborted();
      if (failure.write !== undefined) throw failure.write as Error;
      if (error instanceof IngotError) throw error;
      failed = offset > before ? 1 : failed + 1;
      if (isFinal(error) || failed >= registry.retries.attempts)
        throw registryFailed(`${registry.address.host} blobs/${digest}`, causeText(error), error);
      await registry.pause(failed);
    }
  }
  if (`sha256:${hash.digest('hex')}` !== digest) throw otherBytes(registry, digest);
}

/**
 * Reads a blob that has to fit into memory.
 * @throws IngotError registry-failed if it is missing, too large, or has other bytes
 */
export async function readSmallBlob(
  registry: Registry,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): Promise<Buffer> {
  const { PassThrough } = await import('node:stream');
  const to = new PassThrough({ highWaterMark: size + 1 });
  await readBlob(registry, { digest, size }, to);
  to.end();
  return readSmall(to);
}
