import type { KeyObject } from 'node:crypto';
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { readTar, type TarEntry } from '../bake/seal/tar-reader.ts';
import { IngotError } from '../host/ingot-error.ts';
import { parseEnvelope, wrongSignature } from '../version/dsse.ts';
import { keyId } from '../version/keys.ts';
import { parseSums } from '../version/sums.ts';
import { fileAndFolder, isBundlePath } from './bundle-path.ts';
import { bundlePlaces, type BundleRecord, bundleType, parseBundleRecord } from './bundle-record.ts';

/** What gets the verified content, for example a new folder. */
export interface AirGapSink {
  /** A file; its bytes are not verified yet. */
  write(path: string, chunks: AsyncIterable<Buffer>): Promise<void>;
  /** A second name of a file that was written. */
  link(path: string, of: string): Promise<void>;
}

export interface ReadAirGap {
  /** Absolute path of the bundle. */
  readonly file: string;
  /** Public keys; the signature of one of them is enough. Without any, no signature is checked. */
  readonly keys: readonly KeyObject[];
  readonly sink: AirGapSink;
  readonly signal: AbortSignal;
  readonly onFile: (path: string) => void;
}

/** A bundle in which every file is as the signed list says. */
export interface VerifiedAirGap {
  readonly record: BundleRecord;
  /** Ids of the given keys that signed it. */
  readonly signedBy: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

const largestText = 64 * 1024 ** 2;
const chunkBytes = 1 << 20;

/** Why a bundle is refused: nothing of it is used. */
const refused = (file: string, ...excerpt: readonly string[]): IngotError =>
  new IngotError({
    code: 'wrong-archive',
    message: `${file} is refused, and nothing of it was taken:`,
    excerpt,
    hint: 'copy the bundle here again, and check that the key is the right one',
  });

async function* contentOf(
  handle: FileHandle,
  { offset, size }: TarEntry,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < size;) {
    signal.throwIfAborted();
    const { buffer, bytesRead } = await handle.read(
      Buffer.allocUnsafe(Math.min(chunkBytes, size - at)),
      0,
      Math.min(chunkBytes, size - at),
      offset + at,
    );
    if (bytesRead === 0) throw new Error('the archive was cut off while it was read');
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** Reads the signed list, which has to come first, and the keys that signed it. */
async function readList(
  handle: FileHandle,
  entries: AsyncGenerator<TarEntry>,
  { file, keys, signal }: ReadAirGap,
): Promise<{ listed: ReadonlyMap<string, string>; texts: Map<string, Buffer>; signedBy: string[] }> {
  const texts = new Map<string, Buffer>();
  for (const name of [bundlePlaces.sums, bundlePlaces.signature]) {
    const next: IteratorResult<TarEntry, unknown> = await entries.next();
    const entry = next.done === true ? undefined : next.value;
    if (entry?.name !== name || entry.type !== 'file')
      throw refused(file, `it does not begin with ${bundlePlaces.sums} and its signature`);
    if (entry.size > largestText)
      throw refused(file, `${name} has ${entry.size} bytes: ingot never writes such a large one`);
    const chunks: Buffer[] = [];
    for await (const chunk of contentOf(handle, entry, signal)) chunks.push(chunk);
    texts.set(name, Buffer.concat(chunks));
  }
  const sums = texts.get(bundlePlaces.sums) ?? Buffer.alloc(0);
  const envelope = parseEnvelope((texts.get(bundlePlaces.signature) ?? '').toString(), bundleType);
  if (envelope === undefined) throw refused(file, `${bundlePlaces.signature} is not a signature of a bundle`);
  if (!Buffer.from(envelope.payload, 'base64').equals(sums))
    throw refused(file, `${bundlePlaces.signature} is of another ${bundlePlaces.sums}`);
  const wrong = keys.map((key) => ({ key, why: wrongSignature(envelope, key) }));
  const signers = wrong.filter(({ why }) => why === undefined);
  if (keys.length > 0 && signers.length === 0)
    throw refused(file, ...wrong.map(({ why }) => `${bundlePlaces.sums} ${why ?? ''}`));
  const listed = parseSums(sums.toString());
  if (listed === undefined) throw refused(file, `${bundlePlaces.sums} is not a list that ingot wrote`);
  const bad = [...listed.keys()].find((path) => !isBundlePath(path)) ?? fileAndFolder(listed.keys());
  if (bad !== undefined) throw refused(file, `${JSON.stringify(bad)} may not be the path of a file`);
  return { listed, texts, signedBy: signers.map(({ key }) => keyId(key)) };
}

/** A stream that passes on what it reads, and its digest at the end. */
function hashed(chunks: AsyncIterable<Buffer>): { chunks: AsyncIterable<Buffer>; digest: () => string } {
  const hash = createHash('sha256');
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return { chunks: pass(), digest: () => hash.digest('hex') };
}

async function readFiles(
  handle: FileHandle,
  entries: AsyncGenerator<TarEntry>,
  listed: ReadonlyMap<string, string>,
  { file, sink, signal, onFile }: ReadAirGap,
): Promise<{ bytes: number; record: BundleRecord | undefined }> {
  const digests = new Map<string, string>();
  let bytes = 0;
  let record: BundleRecord | undefined;
  for await (const entry of entries) {
    const { name, type, size, linkName } = entry;
    const wanted = listed.get(name);
    if (wanted === undefined) throw refused(file, `${JSON.stringify(name)} is not in ${bundlePlaces.sums}`);
    if (digests.has(name)) throw refused(file, `${name} is in it twice`);
    onFile(name);
    if (type === 'hard-link') {
      const found = digests.get(linkName);
      if (found === undefined || found !== wanted) throw refused(file, `${name} is a link to something else`);
      await sink.link(name, linkName);
      digests.set(name, found);
      continue;
    }
    if (type !== 'file') throw refused(file, `${name} is a ${type}, not a file`);
    const kept: Buffer[] = [];
    const { chunks, digest } = hashed(contentOf(handle, entry, signal));
    const isRecord = name === bundlePlaces.record && size < largestText;
    async function* copied(): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        if (isRecord) kept.push(Buffer.from(chunk));
        yield chunk;
      }
    }
    await sink.write(name, copied());
    const actual = digest();
    if (actual !== wanted)
      throw refused(
        file,
        `${name} was altered: its SHA-256 is ${actual}, ${bundlePlaces.sums} says ${wanted}`,
      );
    digests.set(name, actual);
    bytes += size;
    if (isRecord) record = parseBundleRecord(Buffer.concat(kept).toString());
  }
  const missing = [...listed.keys()].filter((path) => !digests.has(path));
  if (missing.length > 0) throw refused(file, ...missing.slice(0, 20).map((path) => `${path} is missing`));
  return { bytes, record };
}

/** What a damaged archive throws, for people. */
function explained(error: unknown, file: string): unknown {
  if (!(error instanceof IngotError) || error.code !== 'wrong-export') return error;
  return refused(file, error.message, ...error.excerpt);
}

/**
 * Reads a bundle once, from its begin to its end: the signature of its list, then every file, each compared with the
 * list. Only files and further names of files may be in it.
 * @throws IngotError wrong-archive, that says what is wrong; what the sink got must not be used then
 */
export async function readAirGap(request: ReadAirGap): Promise<VerifiedAirGap> {
  const { file, sink } = request;
  const handle = await open(file, 'r').catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new IngotError({ code: 'wrong-archive', message: `${file} cannot be read: ${code}`, cause });
  });
  try {
    const entries = readTar(handle);
    const { listed, texts, signedBy } = await readList(handle, entries, request);
    async function* once(text: Buffer): AsyncGenerator<Buffer> {
      yield await Promise.resolve(text);
    }
    const { bytes, record } = await readFiles(handle, entries, listed, request);
    if (record === undefined) throw refused(file, `it has no ${bundlePlaces.record} that ingot wrote`);
    for (const [name, text] of texts) await sink.write(name, once(text));
    return { record, signedBy, files: listed.size, bytes };
  } catch (error) {
    throw explained(error, file);
  } finally {
    await handle.close();
  }
}
