import type { Host } from '../../host/host.ts';
import type { Published, PublishRequest } from '../place.ts';
import { type FilePlace, publishFiles } from '../tree/publish-files.ts';
import { type AwsSettings, awsSettings } from './aws-settings.ts';
import { type BucketAddress, parseBucket } from './bucket-address.ts';
import { s3Client } from './s3-client.ts';
import { abortUpload, isAbandoned, listUnfinished } from './unfinished.ts';
import { uploadFile } from './upload.ts';

export interface BucketOptions extends BucketAddress {
  readonly settings: AwsSettings;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** The longest first pause before another try, in milliseconds; default 1000. */
  readonly pauseMs?: number;
  /** Size of the parts of large files, for tests. */
  readonly partBytes?: number;
}

/** How long the removal of an unfinished upload may take, in milliseconds. */
const cleaningMs = 30_000;

/** A bucket as a place of files. */
export function bucketOfFiles({ bucket, prefix, pauseMs = 1000, ...options }: BucketOptions): FilePlace {
  const client = s3Client({ ...options, bucket, pauseMs });
  const keyOf = (path: string): string => (prefix === '' ? path : `${prefix}/${path}`);
  return {
    address: `s3://${[bucket, prefix].filter((part) => part !== '').join('/')}`,
    read: async (paths) => {
      const texts = new Map<string, string>();
      for (const path of paths) {
        const { status, text } = await client({ method: 'GET', key: keyOf(path), accept: [404] });
        if (status !== 404) texts.set(path, text);
        else if (text.includes('<Code>NoSuchBucket</Code>'))
          await client({ method: 'GET', key: '', query: { 'list-type': '2', 'max-keys': '0' } });
      }
      return texts;
    },
    send: async (files, note) => {
      const cleaner = () =>
        s3Client({ ...options, bucket, pauseMs, signal: AbortSignal.timeout(cleaningMs) });
      const unfinished = await listUnfinished(client, prefix === '' ? '' : `${prefix}/`);
      const own = new Set(files.map(({ path }) => keyOf(path)));
      for (const one of unfinished)
        if (!own.has(one.key) && isAbandoned(one, prefix, options.now())) await abortUpload(client, one);
      let sentBytes = 0;
      let presentBytes = 0;
      for (const file of files) {
        options.signal.throwIfAborted();
        note(file.path);
        const key = keyOf(file.path);
        const { signal, partBytes } = options;
        const begun = unfinished.filter((one) => one.key === key);
        if (begun.length > 0) note(`${file.path}: continued`);
        const request = { client, cleaner, key, file, signal, partBytes, unfinished: begun };
        const sent = await uploadFile(request);
        if (sent) sentBytes += file.bytes;
        else presentBytes += file.bytes;
      }
      return { sentBytes, presentBytes };
    },
    point: async (pointers) => {
      for (const { path, content } of pointers) {
        const headers = { 'cache-control': 'no-cache', 'content-type': 'text/plain' };
        await client({ method: 'PUT', key: keyOf(path), headers, body: Buffer.from(content) });
      }
    },
  };
}

/** Publishes to s3://BUCKET/PREFIX, at AWS or at another server of the same interface. */
export async function publishToBucket(host: Host, request: PublishRequest): Promise<Published> {
  const address = parseBucket(request.to);
  const settings = await awsSettings(host, request.env);
  const { signal } = request;
  return publishFiles(bucketOfFiles({ ...address, settings, now: () => host.now(), signal }), request);
}
