import { inParallel } from '../../host/in-parallel.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { TreeFile } from '../tree/version-tree.ts';
import { base64, compositeChecksum, digestedParts, type FilePart, readPart } from './file-digests.ts';
import type { S3Client } from './s3-client.ts';
import { elementText, type S3Reply } from './s3-failure.ts';
import { abortUpload, partsThere, type UnfinishedUpload } from './unfinished.ts';

export interface Upload {
  /** Sends requests until the work is aborted. */
  readonly client: S3Client;
  /** Makes a client that works also after that: to remove what was begun. */
  readonly cleaner: () => S3Client;
  readonly key: string;
  readonly file: TreeFile;
  /** Unfinished uploads of this key, the newest first; one of them is continued, the others are removed. */
  readonly unfinished?: readonly UnfinishedUpload[];
  readonly signal: AbortSignal;
  /** Size of a part; default: what the size of the file needs. */
  readonly partBytes?: number | undefined;
}

/** Parts that are sent at the same time; each is in memory. */
const sideBySide = 4;

/** The header with the digest of the whole object; objects in parts have no other checksum of it. */
const digestHeader = 'x-amz-meta-sha256';

const headersOf = ({ sha256 }: TreeFile): Readonly<Record<string, string>> => ({
  // A digest is part of the path, so the content never changes.
  'cache-control': 'public, max-age=31536000, immutable',
  'content-type': 'application/octet-stream',
  [digestHeader]: sha256,
});

function isSame({ status, headers }: S3Reply, file: TreeFile, parts: readonly FilePart[]): boolean {
  if (status !== 200 || headers.get('content-length') !== String(file.bytes)) return false;
  if (headers.get(digestHeader) !== file.sha256) return false;
  // Servers that know checksums state that of the bytes that they have.
  const checksum = headers.get('x-amz-checksum-sha256');
  return checksum === null || checksum === base64(file.sha256) || checksum === compositeChecksum(parts);
}

const head = (client: S3Client, key: string): Promise<S3Reply> =>
  // Without permission to list the bucket, S3 answers 403 for what does not exist.
  client({ method: 'HEAD', key, headers: { 'x-amz-checksum-mode': 'ENABLED' }, accept: [403, 404] });

async function sendWhole({ client, key, file }: Upload, { sha256, ...part }: FilePart): Promise<void> {
  const body = await readPart(file.source, part);
  await client({
    ...{ method: 'PUT', key, body, bodySha256: sha256 },
    headers: { ...headersOf(file), 'x-amz-checksum-sha256': base64(sha256) },
  });
}

async function beginParts({ client, key, file }: Upload): Promise<string> {
  const { text } = await client({
    ...{ method: 'POST', key, query: { uploads: '' } },
    headers: { ...headersOf(file), 'x-amz-checksum-algorithm': 'SHA256' },
  });
  const uploadId = elementText(text, 'UploadId');
  if (uploadId !== undefined && uploadId !== '') return uploadId;
  throw new IngotError({
    code: 'publish-failed',
    message: `the server of S3 gave no id for the upload of ${key}; what was published before is unchanged`,
    hint: 'check that the endpoint (AWS_ENDPOINT_URL_S3) is a server of S3',
  });
}

/** An upload that was begun, by this process or by one that was killed. */
interface BegunUpload {
  readonly uploadId: string;
  /** Entity tags of the parts that the server has, by their index. */
  readonly there: ReadonlyMap<number, string>;
}

/** Continues the newest upload that the server still has, or begins one. */
async function continueOrBegin(upload: Upload, parts: readonly FilePart[]): Promise<BegunUpload> {
  for (const one of upload.unfinished ?? []) {
    const there = await partsThere(upload.client, one, parts);
    if (there !== undefined && there.size > 0) return { uploadId: one.uploadId, there };
  }
  return { uploadId: await beginParts(upload), there: new Map() };
}

/** Sends the parts that the server lacks, several at a time. Returns the entity tags of all, in order. */
async function sendParts(
  upload: Upload,
  { uploadId, there }: BegunUpload,
  parts: readonly FilePart[],
): Promise<string[]> {
  const { client, key, file, signal } = upload;
  const tags: string[] = [];
  let next = 0;
  const worker = async (either: AbortSignal): Promise<void> => {
    for (let index = next++; index < parts.length; index = next++) {
      either.throwIfAborted();
      const known = there.get(index);
      if (known !== undefined) {
        tags[index] = known;
        continue;
      }
      const { sha256, ...place } = parts[index] as FilePart;
      const { headers } = await client({
        ...{ method: 'PUT', key, query: { partNumber: String(index + 1), uploadId } },
        headers: { 'x-amz-checksum-sha256': base64(sha256) },
        ...{ body: await readPart(file.source, place), bodySha256: sha256 },
      });
      tags[index] = headers.get('etag') ?? '';
    }
  };
  await inParallel(
    signal,
    Array.from({ length: Math.min(sideBySide, parts.length) }, () => worker),
  );
  return tags;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

async function completeParts(
  { client, key, file }: Upload,
  uploadId: string,
  parts: readonly FilePart[],
  tags: readonly string[],
): Promise<void> {
  const list = parts.map(
    ({ sha256 }, index) =>
      `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(tags[index] ?? '')}</ETag><ChecksumSHA256>${base64(sha256)}</ChecksumSHA256></Part>`,
  );
  const body = Buffer.from(
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`,
  );
  const headers = { 'content-type': 'application/xml' };
  try {
    await client({ method: 'POST', key, query: { uploadId }, headers, body });
  } catch (error) {
    // The answer to an earlier try may have been lost: then the upload is gone and the object is there.
    const found = await head(client, key);
    if (!isSame(found, file, parts)) throw error;
  }
}

/** Sends a large file in parts. What was begun is removed if it fails, so that nobody pays for it. */
async function sendInParts(upload: Upload, parts: readonly FilePart[]): Promise<void> {
  const { cleaner, client, key, file, signal } = upload;
  const begun = await continueOrBegin(upload, parts);
  const { uploadId } = begun;
  try {
    await completeParts(upload, uploadId, parts, await sendParts(upload, begun, parts));
  } catch (error) {
    await abortUpload(cleaner(), { key, uploadId });
    // Another publication may have continued the same upload, and completed it.
    const found = signal.aborted ? undefined : await head(client, key).catch(() => undefined);
    if (found === undefined || !isSame(found, file, parts)) throw error;
  }
  // A continued upload may have been begun by something else, with other headers.
  if (begun.there.size > 0 && !isSame(await head(client, key), file, parts))
    await sendInParts({ ...upload, unfinished: [] }, parts);
}

/**
 * Brings a file into a bucket. The server compares every part with its SHA-256 before it stores it.
 * @returns whether it was sent; false if the bucket has it
 */
export async function uploadFile(upload: Upload): Promise<boolean> {
  const { client, key, file, signal, partBytes } = upload;
  const parts = await digestedParts(file, signal, partBytes);
  const there = isSame(await head(client, key), file, parts);
  const [first] = parts;
  if (!there && first !== undefined && parts.length === 1) await sendWhole(upload, first);
  else if (!there) await sendInParts(upload, parts);
  // The object is whole, so nobody needs the other uploads of it.
  for (const one of upload.unfinished ?? []) await abortUpload(client, one);
  return !there;
}
