import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from '../host/host.ts';
import { type HttpAnswer, httpClient, type HttpRequest } from '../host/http-client.ts';
import type { RegistryAddress } from './address.ts';
import { registryCertificates } from './certificates.ts';
import { dockerLogin } from './docker-login.ts';
import { readSmall } from './read-small.ts';
import { causeText, errorsIn, notLoggedIn, registryFailed, shownUrl } from './registry-failure.ts';
import { type Authorization, registryAuthorization } from './registry-login.ts';

/** How often a request is repeated after a failure that may pass, and how long to wait before. */
export interface RetryPolicy {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  /** Milliseconds before the attempt after the given number of failed ones. */
  readonly delayMs: (failed: number) => number;
}

/** 0.5, 1, 2, 4 s: a registry that restarts is waited for. */
export const usualRetries: RetryPolicy = { attempts: 5, delayMs: (failed) => 250 * 2 ** failed };

export interface RegistryOptions {
  /** The user's environment: Docker's configuration is found with it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly retries?: RetryPolicy;
  /** What will be done, for registries that give a token for it. */
  readonly actions: 'pull' | 'pull,push';
}

/** A request to a registry. Its URL may be relative to the repository: `manifests/stable`. */
export interface RegistryRequest extends Omit<HttpRequest, 'url' | 'signal' | 'idleMs'> {
  readonly url: string;
  /** Statuses that the caller understands; all others are errors. */
  readonly accept: readonly number[];
  /** Whether the body of the answer is small; it is read at once, and the request repeated if the answer is cut. */
  readonly whole?: true;
  /** How often it may be repeated; default: by the policy. 1 for a request that does not do the same twice. */
  readonly attempts?: number;
}

/** A repository of a registry, over connections that stay open. */
export interface Registry {
  readonly address: RegistryAddress;
  readonly signal: AbortSignal;
  readonly retries: RetryPolicy;
  /** Scheme, host and port. */
  readonly origin: string;
  /**
   * Sends a request with the authorization that the registry demands, and repeats it after failures that may pass.
   * @throws IngotError registry-failed, wrong-credentials
   */
  send(request: RegistryRequest): Promise<HttpAnswer>;
  /** Waits before a repetition. */
  pause(failed: number): Promise<void>;
  close(): void;
}

const idleMs = 120_000;
const maxRedirects = 5;
const longestWaitMs = 60_000;
/** Statuses of failures that may pass. */
export const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const redirects = new Set([301, 302, 303, 307, 308]);

/** Codes of TLS and DNS that no repetition mends. */
export const isFinal = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^(ERR_TLS_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL_|EPROTO|ENOTFOUND|ERR_INVALID_)/.test(
    code,
  );
};

/** What a server says about when to come again, in milliseconds (RFC 9110, 10.2.3). */
function retryAfter({ headers }: HttpAnswer): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestWaitMs) : 0;
}

/** The origin of the registry. Docker Hub has another name for its interface. */
function originOf({ host, plain }: RegistryAddress): string {
  const name = host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host;
  return `${plain ? 'http' : 'https'}://${name}`;
}

/**
 * The absolute form of a location in an answer. A proxy that ends the encryption may let a registry say http of
 * itself; the encryption is never left.
 */
export function locationOf(location: string, from: string): string {
  const [target, base] = [new URL(location, from), new URL(from)];
  if (base.protocol === 'https:' && target.protocol === 'http:') {
    if (target.hostname !== base.hostname)
      throw registryFailed(shownUrl(from), 'it leads to a place without https');
    target.protocol = 'https:';
    target.port = base.port;
  }
  return target.href;
}

/** Opens a repository; nothing is sent yet. */
export async function openRegistry(
  host: Host,
  address: RegistryAddress,
  { env, signal, retries = usualRetries, actions }: RegistryOptions,
): Promise<Registry> {
  const certificates = address.plain ? undefined : await registryCertificates(address.host, env);
  const client = httpClient(certificates, 8);
  const origin = originOf(address);
  const pause = async (failed: number, leastMs = 0): Promise<void> => {
    const ms = Math.max(retries.delayMs(failed), leastMs);
    await wait(ms, undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  };

  /** Follows redirects of a request without a body; a login is only for the origin that it was made for. */
  const follow = async (request: HttpRequest): Promise<HttpAnswer> => {
    let { url, headers = {} } = request;
    for (let hops = 0; ; hops += 1) {
      const answer = await client.send({ ...request, url, headers });
      const { location } = answer.headers;
      const leads = (request.method === 'GET' || request.method === 'HEAD') && redirects.has(answer.status);
      if (!leads || location === undefined) return answer;
      answer.body.resume();
      if (hops === maxRedirects) throw registryFailed(shownUrl(request.url), 'it leads in circles');
      const next = locationOf(location, url);
      if (new URL(next).origin !== new URL(url).origin) {
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
      }
      url = next;
    }
  };

  /** Repeats a request after failures that may pass. */
  const persistent = async (
    request: Omit<HttpRequest, 'signal' | 'idleMs'>,
    attempts: number,
    whole: boolean,
  ): Promise<HttpAnswer> => {
    const what = `${request.method} ${shownUrl(request.url)}`;
    for (let failed = 1; ; failed += 1) {
      let leastMs = 0;
      try {
        const answer = await follow({ ...request, signal, idleMs });
        if (!passingStatuses.has(answer.status) || failed >= attempts) {
          if (!whole) return answer;
          const bytes = await readSmall(answer.body);
          return { ...answer, body: Readable.from([bytes]) };
        }
        leastMs = retryAfter(answer);
        answer.body.destroy();
      } catch (error) {
        signal.throwIfAborted();
        if (isFinal(error) || failed >= attempts) throw registryFailed(what, causeText(error), error);
      }
      await pause(failed, leastMs);
    }
  };

  const authorization: Authorization = registryAuthorization({
    registry: address.host,
    plain: address.plain,
    scope: `repository:${address.repository}:${actions}`,
    login: () => dockerLogin(host, address.host, env),
    send: (request) => persistent(request, retries.attempts, true),
  });

  return {
    address,
    signal,
    retries,
    origin,
    pause,
    close: () => {
      client.close();
    },
    send: async ({ accept, attempts = retries.attempts, whole = false, ...request }) => {
      const url = /^https?:/.test(request.url)
        ? request.url
        : `${origin}/v2/${address.repository}/${request.url}`;
      const own = new URL(url).origin === origin;
      const what = `${request.method} ${shownUrl(url)}`;
      for (let renewed = 0; ; renewed += 1) {
        const value = own ? authorization.current() : undefined;
        const headers = { ...request.headers, ...(value === undefined ? {} : { authorization: value }) };
        const answer = await persistent({ ...request, url, headers }, attempts, whole);
        if (accept.includes(answer.status)) return answer;
        if (answer.status === 401 && own && renewed < 2) {
          await authorization.renew(value, answer);
          continue;
        }
        const errors = errorsIn((await readSmall(answer.body).catch(() => Buffer.from(''))).toString());
        if (answer.status === 401 || answer.status === 403)
          throw notLoggedIn(address.host, `refuses ${what}${errors === '' ? '' : ` (${errors})`}`);
        throw registryFailed(what, `HTTP ${answer.status}${errors === '' ? '' : ` ${errors}`}`);
      }
    },
  };
}
