import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loginOf, TokenServer } from './token-server.ts';

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const indexType = 'application/vnd.oci.image.index.v1+json';

interface StoredManifestFile {
  readonly bytes: Buffer;
  readonly type: string;
}
interface ManifestText {
  readonly subject?: { readonly digest: string };
  readonly artifactType?: string;
  readonly annotations?: Record<string, string>;
}
interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
}

/** What a registry is like. */
export interface DoubleOptions {
  /** Whether it has the interface for referrers; otherwise 404, as docker-registry 2 and 3. */
  readonly referrers?: boolean;
  /** Referrers in one answer. */
  readonly pageSize?: number;
  /** Whether a token is demanded. */
  readonly tokens?: boolean;
}

/**
 * A double of a registry, after the OCI distribution specification v1.1: blobs in chunks, manifests with a subject,
 * referrers in pages, and tokens after distribution's "Token Authentication Specification". Without encryption.
 */
export class RegistryDouble {
  readonly blobs = new Map<string, Buffer>();
  /** By digest and by tag. */
  readonly manifests = new Map<string, StoredManifestFile>();
  readonly requests: string[] = [];
  readonly tokens: TokenServer;
  readonly options: DoubleOptions;
  host = '';
  readonly #uploads = new Map<string, Buffer>();
  readonly #server: Server;

  constructor(options: DoubleOptions = {}) {
    this.options = options;
    this.tokens = new TokenServer();
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.host = `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The referrers of a manifest, as any client sees them. */
  referrersOf(subject: string) {
    return [...this.manifests].flatMap(([digest, { bytes, type }]) => {
      if (!digest.startsWith('sha256:')) return [];
      const { artifactType, annotations, subject: about } = JSON.parse(bytes.toString()) as ManifestText;
      if (about?.digest !== subject) return [];
      return [{ mediaType: type, digest, size: bytes.length, artifactType, annotations }];
    });
  }

  /** Puts a manifest into the storage, as somebody with access to it. */
  put(bytes: Buffer, type: string): { readonly digest: string } {
    const digest = sha256(bytes);
    this.manifests.set(digest, { bytes, type });
    return { digest };
  }

  /** Lets the lists of referrers lead to another manifest. */
  replaceInTags(before: string, after: string, size: number): void {
    this.manifests.delete(before);
    for (const [name, { bytes, type }] of this.manifests) {
      const text = bytes.toString();
      if (!name.startsWith('sha256-') || !text.includes(before)) continue;
      const index = JSON.parse(text) as { manifests: { digest: string }[] };
      const manifests = index.manifests.map((one) =>
        one.digest === before ? { ...one, digest: after, size } : one,
      );
      this.manifests.set(name, { bytes: Buffer.from(JSON.stringify({ ...index, manifests })), type });
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const url = new URL(request.url ?? '/', `http://${this.host}`);
    this.requests.push(`${request.method ?? ''} ${url.pathname}`);
    const answer = this.#answer(request, url, Buffer.concat(chunks));
    const { status, headers = {}, body = '' } = answer;
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #answer(request: IncomingMessage, url: URL, body: Buffer): Answer {
    const method = request.method ?? '';
    if (url.pathname === '/token')
      return this.tokens.answer(method, method === 'POST' ? new URLSearchParams(body.toString()) : url.searchParams, loginOf(request)); // prettier-ignore
    const [, repository = '', kind = '', name = ''] =
      /^\/v2\/(.+)\/(blobs|manifests|referrers)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === '') return { status: 404 };
    if (this.options.tokens === true) {
      const action = method === 'GET' || method === 'HEAD' ? 'pull' : 'push';
      const demand = this.tokens.demand(this.host, repository, action, request.headers.authorization);
      if (demand !== undefined)
        return {
          status: 401,
          headers: { 'www-authenticate': demand },
          body: '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}',
        };
    }
    if (kind === 'referrers') return this.#referrers(name, url);
    if (kind === 'manifests') return this.#manifest(method, name, request, body);
    return this.#blob({ method, name, url, repository, body, range: request.headers['content-range'] });
  }

  #referrers(subject: string, url: URL): Answer {
    if (this.options.referrers !== true) return { status: 404, body: 'page not found' };
    const all = this.referrersOf(subject);
    const from = Number(url.searchParams.get('from') ?? '0');
    const end = from + (this.options.pageSize ?? all.length);
    const next = end < all.length ? { link: `<${url.pathname}?from=${String(end)}>; rel="next"` } : {};
    const manifests = all.slice(from, end);
    const index = { schemaVersion: 2, mediaType: indexType, manifests };
    return { status: 200, headers: { 'content-type': indexType, ...next }, body: JSON.stringify(index) };
  }

  #manifest(method: string, name: string, request: IncomingMessage, body: Buffer): Answer {
    if (method === 'PUT') {
      const type = request.headers['content-type'] ?? '';
      const digest = sha256(body);
      if (name.startsWith('sha256:') && name !== digest) return { status: 400 };
      for (const key of new Set([name, digest])) this.manifests.set(key, { bytes: body, type });
      const { subject } = JSON.parse(body.toString()) as ManifestText;
      const knows = this.options.referrers === true && subject !== undefined;
      return { status: 201, headers: knows ? { 'oci-subject': subject.digest } : {} };
    }
    const found = this.manifests.get(name);
    if (found === undefined) return { status: 404 };
    const headers = { 'content-type': found.type, 'docker-content-digest': sha256(found.bytes) };
    return { status: 200, headers: { ...headers, 'content-length': String(found.bytes.length) }, body: found.bytes }; // prettier-ignore
  }

  #blob(asked: {
    readonly method: string;
    readonly name: string;
    readonly url: URL;
    readonly repository: string;
    readonly body: Buffer;
    readonly range: string | undefined;
  }): Answer {
    const { method, name, url, repository, body, range } = asked;
    if (method === 'GET' || method === 'HEAD') {
      const found = this.blobs.get(name);
      if (found === undefined) return { status: 404 };
      return { status: 200, headers: { 'content-length': String(found.length) }, body: found };
    }
    const id = method === 'POST' ? randomBytes(8).toString('hex') : name.replace('uploads/', '');
    const before = method === 'POST' ? Buffer.alloc(0) : this.#uploads.get(id);
    if (before === undefined) return { status: 404 };
    const from = /^(\d+)-/.exec(range ?? '')?.[1];
    if (from !== undefined && Number(from) !== before.length) return { status: 416 };
    const all = Buffer.concat([before, body]);
    this.#uploads.set(id, all);
    const location = `/v2/${repository}/blobs/uploads/${id}`;
    if (method !== 'PUT')
      return {
        status: 202,
        headers: { location, range: `0-${String(Math.max(0, all.length - 1))}` },
      };
    const digest = url.searchParams.get('digest') ?? '';
    if (sha256(all) !== digest) return { status: 400 };
    this.blobs.set(digest, all);
    return { status: 201, headers: { location: `/v2/${repository}/blobs/${digest}` } };
  }
}
