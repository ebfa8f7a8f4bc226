import { base64, type FilePart } from './file-digests.ts';
import type { S3Client } from './s3-client.ts';
import { elementsOf, elementText } from './s3-failure.ts';

/** An upload in parts that was begun and neither completed nor removed: of a process that was killed, or that runs. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** When it was begun, by the clock of the server; milliseconds since 1970. */
  readonly begun: number;
}

/** Answers of keys without the permission, and of servers without the interface: then nothing is known. */
const unknown = [403, 404, 405, 501];
const mostPages = 50;

/** Keys are asked for in this form, because XML cannot express every character. */
const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** Lists the unfinished uploads below a prefix (Amazon S3 API Reference, ListMultipartUploads), the newest first. */
export async function listUnfinished(client: S3Client, prefix: string): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  let markers: Record<string, string> = {};
  for (let page = 0; page < mostPages; page += 1) {
    const query = { uploads: '', 'encoding-type': 'url', prefix, ...markers };
    const { status, text } = await client({ method: 'GET', key: '', query, accept: unknown });
    if (status !== 200) break;
    for (const upload of elementsOf(text, 'Upload')) {
      const [key, uploadId] = [elementText(upload, 'Key'), elementText(upload, 'UploadId')];
      const begun = Date.parse(elementText(upload, 'Initiated') ?? '');
      if (key !== undefined && uploadId !== undefined) found.push({ key: decoded(key), uploadId, begun });
    }
    const [keyMarker, idMarker] = ['NextKeyMarker', 'NextUploadIdMarker'].map((one) =>
      elementText(text, one),
    );
    if (elementText(text, 'IsTruncated') !== 'true' || keyMarker === undefined) break;
    markers = { 'key-marker': decoded(keyMarker), 'upload-id-marker': idMarker ?? '' };
  }
  return found.sort((one, other) => other.begun - one.begun);
}

/**
 * The parts of an upload that the server has, with the right bytes (Amazon S3 API Reference, ListParts).
 * @returns entity tags by the index of the part; undefined if the upload is gone, or cannot be read
 */
export async function partsThere(
  client: S3Client,
  { key, uploadId }: Pick<UnfinishedUpload, 'key' | 'uploadId'>,
  parts: readonly FilePart[],
): Promise<ReadonlyMap<number, string> | undefined> {
  const there = new Map<number, string>();
  let marker: Record<string, string> = {};
  for (let page = 0; page < mostPages; page += 1) {
    const { status, text } = await client({
      method: 'GET',
      key,
      query: { uploadId, ...marker },
      accept: unknown,
    });
    if (status !== 200) return undefined;
    for (const part of elementsOf(text, 'Part')) {
      const index = Number(elementText(part, 'PartNumber')) - 1;
      const [tag, checksum] = [elementText(part, 'ETag'), elementText(part, 'ChecksumSHA256')];
      const own = parts[index];
      // Without a checksum nobody knows what the server has.
      if (own !== undefined && tag !== undefined && checksum === base64(own.sha256)) there.set(index, tag);
    }
    const next = elementText(text, 'NextPartNumberMarker');
    if (elementText(text, 'IsTruncated') !== 'true' || next === undefined) break;
    marker = { 'part-number-marker': next };
  }
  return there;
}

/** Removes an upload; what cannot be removed stays. */
export async function abortUpload(
  client: S3Client,
  { key, uploadId }: Pick<UnfinishedUpload, 'key' | 'uploadId'>,
): Promise<void> {
  await client({ method: 'DELETE', key, query: { uploadId }, accept: [403, 404] }).catch(() => undefined);
}

/** How old an upload of another publication is when nobody can be working on it, in milliseconds. */
const abandonedMs = 86_400_000;

/** Whether an upload is of a version that ingot published, and so old that its process has ended. */
export function isAbandoned({ key, begun }: UnfinishedUpload, prefix: string, now: number): boolean {
  const path = key.slice(prefix === '' ? 0 : prefix.length + 1);
  return /^(?:master|slave)\/[0-9a-f]{16}\/[^/]+\//.test(path) && begun < now - abandonedMs;
}
