import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AwsSettings } from './aws-settings.ts';
import { objectUrl } from './bucket-address.ts';
import { failureOf, type S3Failure, type S3Reply, unanswered } from './s3-failure.ts';
import { queryOf, signRequest, type UnsignedRequest } from './sign-request.ts';

export interface S3ClientOptions {
  readonly settings: AwsSettings;
  readonly bucket: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** The longest first pause before another try, in milliseconds; it doubles. */
  readonly pauseMs: number;
}

export interface S3Request {
  readonly method: UnsignedRequest['method'];
  /** The object; '' is the bucket. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** SHA-256 of the body in hexadecimal, if it is known already. */
  readonly bodySha256?: string;
  /** Statuses that are answers, not failures; 2xx always is. */
  readonly accept?: readonly number[];
}

/** Sends a request; see s3Client. */
export type S3Client = (request: S3Request) => Promise<S3Reply>;

const tries = 5;
/** A try may take a minute, and as long as its body takes at 100 kB/s. */
const timeoutOf = (body: Uint8Array | undefined): number => 60_000 + Math.ceil((body?.length ?? 0) / 100);

const empty = createHash('sha256').digest('hex');

/**
 * Makes a client of one bucket. A request that gets no answer, or that the server cannot serve now (5xx, 429), is sent
 * again, up to five times in all, with pauses that grow and are random, so that many clients do not return together.
 * @throws IngotError publish-failed, or host-not-ready for a wrong clock, from each request that fails
 */
export function s3Client({ settings, bucket, now, signal, pauseMs }: S3ClientOptions): S3Client {
  const once = async (request: S3Request): Promise<S3Reply | S3Failure> => {
    const { method, key, query = {}, headers = {}, body } = request;
    const url = objectUrl(settings, bucket, key);
    url.search = queryOf(query);
    const bodySha256 =
      request.bodySha256 ?? (body === undefined ? empty : createHash('sha256').update(body).digest('hex'));
    const unsigned = { method, url, headers, bodySha256 };
    const signed = signRequest(unsigned, settings.credentials, { region: settings.region, now: now() });
    const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutOf(body))]);
    try {
      const reply = await fetch(url, {
        ...{ method, headers: signed, redirect: 'manual' },
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        signal: until,
      });
      const text = await reply.text();
      const { status } = reply;
      if (request.accept?.includes(status) === true) return { status, headers: reply.headers, text };
      // An upload may fail after its first 200 (Amazon S3 API Reference, CompleteMultipartUpload).
      if (reply.ok && !/^\s*(?:<\?xml[^>]*>\s*)?<Error>/.test(text))
        return { status, headers: reply.headers, text };
      return failureOf({ status, headers: reply.headers, text }, { url, now: now() });
    } catch (error) {
      signal.throwIfAborted();
      return unanswered(url, error);
    }
  };
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(request);
      if ('status' in outcome) return outcome;
      if (!outcome.again || attempt === tries) throw outcome.error(attempt);
      const longest = pauseMs * 2 ** (attempt - 1);
      await wait(longest / 2 + (Math.random() * longest) / 2, undefined, { signal });
    }
  };
}
