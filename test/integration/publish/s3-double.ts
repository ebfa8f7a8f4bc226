import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type BegunParts, partsText, uploadsText } from './s3-lists.ts';

/** What a request did, as the double saw it: "PUT slave.json", "POST key?uploads". */
export type Seen = string;

/** How a request ends: cut before an answer, cut after the work was done, an answer of the server's, or as usual. */
export type Fate =
  'as usual' | 'cut before' | 'cut after' | { readonly status: number; readonly code: string };

interface Stored {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: string | undefined;
}

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const sha256Base64 = (data: Buffer): string => createHash('sha256').update(data).digest('base64');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const smallestPart = 5 * 1024 ** 2;
const mostParts = 10_000;
const allowedSkewMs = 15 * 60_000;

/**
 * A double of S3 with one bucket, images, path-style addresses and one key. Like the real one it refuses wrong
 * signatures, clocks, digests, checksums, sizes and orders of parts. It has objects that tests look at.
 */
export class S3Double {
  readonly accessKeyId = 'AKIDEXAMPLE';
  readonly secretAccessKey = 'a secret/of+the test';
  readonly region = 'eu-west-1';
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, BegunParts>();
  readonly seen: Seen[] = [];
  /** Decides how a request ends; `index` counts from 0. */
  fate: (seen: Seen, index: number) => Fate = () => 'as usual';
  /** Permissions that the key lacks, by method. */
  readonly forbidden = new Set<string>();
  /** Whether the key may list unfinished uploads. */
  listsUploads = true;
  /** The clock of the server, in milliseconds after the real one. */
  skewMs = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${String((this.#server.address() as { port: number }).port)}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The client has hung up.
      return;
    }
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://x');
    const key = decodeURIComponent(url.pathname).replace(/^\/images\/?/, '');
    const query = [...url.searchParams.keys()].sort().join('&');
    const seen = `${request.method ?? ''} ${key}${query === '' ? '' : `?${query}`}`;
    const fate = this.fate(seen, this.seen.length);
    this.seen.push(seen);
    if (fate === 'cut before') return void request.socket.destroy();
    try {
      if (typeof fate === 'object') throw new Refusal(fate.status, fate.code, 'on purpose');
      this.#authorize(request, url, body);
      const { status = 200, headers = {}, text = '' } = this.#answer(request, url, key, body);
      if (fate === 'cut after') return void request.socket.destroy();
      response.writeHead(status, { date: this.#date(), ...headers });
      response.end(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`;
      response.writeHead(error.status, { date: this.#date(), 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? undefined : xml);
    }
  }

  #date(): string {
    return new Date(Date.now() + this.skewMs).toUTCString();
  }

  /** Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)", from the bytes that came. */
  #authorize({ method = '', headers, url: raw = '' }: IncomingMessage, url: URL, body: Buffer): void {
    const [, id, day, region, names = '', signature] =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
        headers.authorization ?? '',
      ) ?? [];
    if (signature === undefined) throw new Refusal(403, 'AccessDenied', 'Access Denied');
    if (id !== this.accessKeyId)
      throw new Refusal(403, 'InvalidAccessKeyId', 'The key does not exist in our records.');
    const time = String(headers['x-amz-date']);
    const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
    const at = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
    if (Number.isNaN(at) || time.slice(0, 8) !== day) throw new Refusal(403, 'AccessDenied', 'wrong date');
    if (Math.abs(at - Date.now() - this.skewMs) > allowedSkewMs)
      throw new Refusal(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      );
    if (region !== this.region)
      throw new Refusal(400, 'AuthorizationHeaderMalformed', `the region is wrong; expecting ${this.region}`);
    const signed = names.split(';');
    // host and every x-amz- header have to be signed.
    const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
    if (needed.some((name) => !signed.includes(name)) || [...signed].sort().join(';') !== names)
      throw new Refusal(
        403,
        'AccessDenied',
        'There were headers present in the request which were not signed',
      );
    const encode = (text: string): string =>
      encodeURIComponent(text).replaceAll(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      );
    const query = [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&');
    const path = decodeURIComponent(raw.split('?')[0] ?? '')
      .split('/')
      .map(encode)
      .join('/');
    const stated = String(headers['x-amz-content-sha256']);
    const canonical = [
      ...[method, path, query],
      ...signed.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
      ...['', names, stated],
    ].join('\n');
    const key = ['s3', 'aws4_request'].reduce<Buffer>(
      (from, word) => hmac(from, word),
      hmac(hmac(`AWS4${this.secretAccessKey}`, day), this.region),
    );
    const text = ['AWS4-HMAC-SHA256', time, `${day}/${this.region}/s3/aws4_request`, sha256(canonical)].join(
      '\n',
    );
    if (hmac(key, text).toString('hex') !== signature)
      throw new Refusal(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match');
    if (stated !== sha256(body))
      throw new Refusal(400, 'XAmzContentSHA256Mismatch', 'The provided digest does not match');
    if (this.forbidden.has(method)) throw new Refusal(403, 'AccessDenied', 'Access Denied');
  }

  #checksum(headers: IncomingMessage['headers'], body: Buffer): string | undefined {
    const stated = headers['x-amz-checksum-sha256'];
    if (stated !== undefined && stated !== sha256Base64(body))
      throw new Refusal(400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
    return stated;
  }

  #answer(
    request: IncomingMessage,
    url: URL,
    key: string,
    body: Buffer,
  ): {
    readonly status?: number;
    readonly headers?: Record<string, string>;
    readonly text?: string | Buffer;
  } {
    const { method, headers } = request;
    if (!/^\/images(?:\/|$)/.test(decodeURIComponent(url.pathname)))
      throw new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
    const kept = Object.fromEntries(
      Object.entries(headers).filter(([name]) => /^(?:x-amz-meta-|cache-control|content-type)/.test(name)),
    ) as Record<string, string>;
    const uploadId = url.searchParams.get('uploadId');
    if (method === 'GET' || method === 'HEAD') {
      if (url.searchParams.has('uploads')) {
        if (!this.listsUploads) throw new Refusal(403, 'AccessDenied', 'Access Denied');
        return { text: uploadsText(this.uploads, url.searchParams) };
      }
      if (key === '') return { text: '<ListBucketResult/>' };
      if (uploadId !== null) {
        const begun = this.uploads.get(uploadId);
        if (begun?.key !== key)
          throw new Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.');
        return { text: partsText(begun, Number(url.searchParams.get('part-number-marker') ?? '0')) };
      }
      const found = this.objects.get(key);
      if (found === undefined) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
      const checksum = headers['x-amz-checksum-mode'] === 'ENABLED' ? found.checksum : undefined;
      return {
        headers: {
          ...{ ...found.headers, 'content-length': String(found.bytes.length) },
          ...(checksum === undefined ? {} : { 'x-amz-checksum-sha256': checksum }),
        },
        ...(method === 'GET' ? { text: found.bytes } : {}),
      };
    }
    if (method === 'PUT' && headers['content-length'] === undefined)
      throw new Refusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
    if (method === 'PUT' && uploadId === null) {
      this.objects.set(key, { bytes: body, headers: kept, checksum: this.#checksum(headers, body) });
      return { headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } };
    }
    if (method === 'POST' && url.searchParams.has('uploads')) {
      const id = randomBytes(8).toString('hex');
      const withChecksums = headers['x-amz-checksum-algorithm'] === 'SHA256';
      this.uploads.set(id, { key, headers: kept, withChecksums, begun: Date.now(), parts: new Map() });
      return {
        text: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      };
    }
    const upload = this.uploads.get(uploadId ?? '');
    if (upload?.key !== key) throw new Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.');
    if (method === 'DELETE') {
      this.uploads.delete(uploadId ?? '');
      return { status: 204 };
    }
    if (method === 'PUT') {
      const number = Number(url.searchParams.get('partNumber'));
      if (!(number >= 1 && number <= mostParts))
        throw new Refusal(400, 'InvalidArgument', 'Part number must be 1 to 10000');
      const checksum = this.#checksum(headers, body);
      if (upload.withChecksums && checksum === undefined)
        throw new Refusal(400, 'InvalidRequest', 'The upload was created using a sha256 checksum.');
      const etag = `"${createHash('md5').update(body).digest('hex')}"`;
      upload.parts.set(number, { bytes: body, etag, checksum });
      return { headers: { etag } };
    }
    return this.#complete(uploadId ?? '', upload, body.toString());
  }

  #complete(uploadId: string, upload: BegunParts, xml: string) {
    const listed = [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>([^<]*)</.exec(part)?.[1]?.replaceAll('&quot;', '"'),
      checksum: /<ChecksumSHA256>([^<]*)</.exec(part)?.[1],
    }));
    if (listed.length === 0)
      throw new Refusal(400, 'MalformedXML', 'The XML you provided was not well-formed');
    const bytes: Buffer[] = [];
    for (const [index, { number, etag, checksum }] of listed.entries()) {
      const part = upload.parts.get(number);
      if (part?.etag !== etag || (upload.withChecksums && part?.checksum !== checksum))
        throw new Refusal(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
      if (number <= (listed[index - 1]?.number ?? 0))
        throw new Refusal(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
      if (index < listed.length - 1 && (part?.bytes.length ?? 0) < smallestPart)
        throw new Refusal(
          400,
          'EntityTooSmall',
          'Your proposed upload is smaller than the minimum allowed size',
        );
      bytes.push(part?.bytes ?? Buffer.alloc(0));
    }
    const sums = Buffer.concat(listed.map(({ checksum }) => Buffer.from(checksum ?? '', 'base64')));
    this.objects.set(upload.key, {
      ...{ bytes: Buffer.concat(bytes), headers: upload.headers },
      checksum: upload.withChecksums ? `${sha256Base64(sums)}-${listed.length}` : undefined,
    });
    this.uploads.delete(uploadId);
    return { text: '<?xml version="1.0"?>\n<CompleteMultipartUploadResult/>' };
  }
}
