import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { IngotError } from '../host/ingot-error.ts';
import type { Descriptor } from './descriptor.ts';
import { isFinal, locationOf, passingStatuses, type Registry } from './registry.ts';
import { registryFailed } from './registry-failure.ts';

/** Where the bytes of a blob are: a file, or memory. */
export type BlobSource = { readonly file: string } | { readonly bytes: Uint8Array };

export interface PushOptions {
  /** Bytes of one request. */
  readonly chunkBytes: number;
  /** Called when more bytes have arrived, with their number. */
  readonly onProgress?: (bytes: number) => void;
}

/** The usual chunk: what is sent again after a cut, at most. */
export const usualChunkBytes = 64 * 1024 ** 2;

/** An upload that a registry has begun. */
interface Session {
  readonly location: string;
  /** Bytes that have arrived. */
  readonly offset: number;
}

/** Why an upload has to begin again: the registry no longer knows it. */
const lost = Symbol('lost');

const read = (source: BlobSource, from: number, bytes: number): Readable =>
  'file' in source
    ? createReadStream(source.file, { start: from, end: from + bytes - 1, highWaterMark: 1 << 20 })
    : Readable.from([Buffer.from(source.bytes).subarray(from, from + bytes)]);

/** Whether the registry has a blob with this size. */
export async function hasBlob(
  registry: Registry,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): Promise<boolean> {
  const { status, headers, body } = await registry.send({
    ...{ method: 'HEAD', url: `blobs/${digest}`, accept: [200, 404] },
  });
  // Not destroyed: that would close the connection.
  body.resume();
  const length = headers['content-length'];
  return status === 200 && (length === undefined || Number(length) === size);
}

async function begin(registry: Registry): Promise<Session> {
  const url = 'blobs/uploads/';
  const { headers, body } = await registry.send({ method: 'POST', url, accept: [202] });
  body.resume();
  return { location: await nextLocation(registry, headers['location'], undefined), offset: 0 };
}

function nextLocation(
  { address }: Registry,
  location: string | undefined,
  before: string | undefined,
): Promise<string> {
  const scheme = address.plain ? 'http' : 'https';
  const base = before ?? `${scheme}://${address.host}/v2/${address.repository}/blobs/uploads/`;
  if (location === undefined && before === undefined)
    return Promise.reject(registryFailed(address.host, 'it does not say where to upload to'));
  return Promise.resolve(locationOf(location ?? base, base));
}

/** Runs one request of an upload; undefined if it failed in a way that may pass. */
async function once<T>(registry: Registry, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    registry.signal.throwIfAborted();
    const passing =
      error instanceof IngotError && error.code === 'registry-failed' && error.cause !== undefined;
    if (!passing || isFinal(error.cause)) throw error;
    return undefined;
  }
}

/** How much of an upload has arrived (OCI distribution specification, "Pushing a blob in chunks"). */
async function resume(registry: Registry, { location }: Session): Promise<Session | typeof lost> {
  const accept = [202, 204, 400, 404, 416];
  const { status, headers, body } = await registry.send({ method: 'GET', url: location, accept });
  body.resume();
  if (status >= 400) return lost;
  const [, last] = /^(?:bytes=)?0-(\d+)$/.exec(headers['range'] ?? '') ?? [];
  // "0-0" is what registries say of one byte and of none.
  const offset = last === undefined || last === '0' ? 0 : Number(last) + 1;
  return { location: await nextLocation(registry, headers['location'], location), offset };
}

/** Sends one chunk. Undefined if it failed in a way that may pass. */
async function sendChunk(
  registry: Registry,
  { location, offset }: Session,
  source: BlobSource,
  bytes: number,
): Promise<Session | typeof lost | undefined> {
  return once(registry, async () => {
    const { status, headers, body } = await registry.send({
      ...{ method: 'PATCH', url: location, attempts: 1 },
      accept: [201, 202, 204, 404, 416, ...passingStatuses],
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${offset}-${offset + bytes - 1}`,
      },
      body: { bytes, open: () => read(source, offset, bytes) },
    });
    body.resume();
    if (status === 404) return lost;
    if (status === 416 || passingStatuses.has(status)) return undefined;
    return { location: await nextLocation(registry, headers['location'], location), offset: offset + bytes };
  });
}

/** Ends an upload, with the last bytes. True if the registry has the blob now. */
async function finish(
  registry: Registry,
  { location, offset }: Session,
  { digest, size }: Descriptor,
  source: BlobSource,
): Promise<boolean> {
  const url = new URL(location);
  url.searchParams.set('digest', digest);
  const bytes = size - offset;
  const done = await once(registry, async () => {
    const { status, body } = await registry.send({
      ...{ method: 'PUT', url: url.href, attempts: 1 },
      accept: [201, 204, 404, 416, ...passingStatuses],
      headers: { 'content-type': 'application/octet-stream' },
      body: { bytes, open: () => (bytes === 0 ? Readable.from([]) : read(source, offset, bytes)) },
    });
    body.resume();
    return status === 201 || status === 204;
  });
  return done === true;
}

/**
 * Uploads a blob that the registry does not have, in chunks; a small one in a single request. After a cut, what has
 * arrived is not sent again, if the registry still has it.
 * @throws IngotError registry-failed, also for bytes that do not have the digest; wrong-credentials
 */
export async function pushBlob(
  registry: Registry,
  blob: Descriptor,
  source: BlobSource,
  { chunkBytes, onProgress }: PushOptions,
): Promise<void> {
  let session: Session | undefined;
  let furthest = 0;
  for (let failed = 0; ;) {
    session ??= await begin(registry);
    const left = blob.size - session.offset;
    const next: Session | typeof lost | undefined =
      left > chunkBytes ? await sendChunk(registry, session, source, chunkBytes) : undefined;
    if (next !== undefined && next !== lost) {
      session = next;
      // Only new ground counts: an upload that begins again and again ends.
      if (session.offset > furthest) {
        onProgress?.(session.offset - furthest);
        [furthest, failed] = [session.offset, 0];
      }
      continue;
    }
    if (left <= chunkBytes && (await finish(registry, session, blob, source))) break;
    // The answer may have been lost, not the work.
    if (left <= chunkBytes && (await hasBlob(registry, blob))) break;
    failed += 1;
    if (failed >= registry.retries.attempts)
      throw registryFailed(registry.address.host, `the upload of ${blob.digest} failed ${failed} times`);
    await registry.pause(failed);
    const resumed: Session | typeof lost = next === lost ? lost : await resume(registry, session);
    session = resumed === lost || resumed.offset > blob.size ? undefined : resumed;
  }
  onProgress?.(blob.size - furthest);
}
