import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSecureContext } from 'node:tls';

/** A body that is sent as a stream, because it may be large. */
export interface StreamedBody {
  readonly bytes: number;
  readonly open: () => Readable;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | StreamedBody;
  readonly signal: AbortSignal;
  /** The request fails when nothing was sent or received for so long. */
  readonly idleMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Must be read to its end or destroyed. */
  readonly body: Readable;
}

/** Sends single requests over connections that stay open. */
export interface HttpClient {
  /**
   * Sends one request; redirects are not followed.
   * @throws the signal's reason, or a system error such as ECONNRESET
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes the connections. */
  close(): void;
}

const isStreamed = (body: Uint8Array | StreamedBody): body is StreamedBody => 'open' in body;

function bodyParts(body: HttpRequest['body']): { length: Record<string, string>; open: () => Readable } {
  if (body === undefined) return { length: {}, open: () => Readable.from([]) };
  if (isStreamed(body)) return { length: { 'content-length': String(body.bytes) }, open: body.open };
  return { length: { 'content-length': String(body.byteLength) }, open: () => Readable.from([body]) };
}

/**
 * Makes a client.
 * @param certificates PEM texts of the authorities that sign the servers' certificates; undefined: those of Node.js
 * @param connections the largest number of connections to one server
 */
export function httpClient(certificates: readonly string[] | undefined, connections: number): HttpClient {
  const shared = { keepAlive: true, maxSockets: connections };
  const plain = new HttpAgent(shared);
  // Made once: the certificates of a whole system take 30 ms to read.
  const secureContext =
    certificates === undefined ? undefined : createSecureContext({ ca: [...certificates] });
  const secure = new HttpsAgent({ ...shared, ...(secureContext === undefined ? {} : { secureContext }) });
  return {
    send: (request) => sendWith(request, request.url.startsWith('https:') ? secure : plain),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function sendWith(request: HttpRequest, agent: HttpAgent): Promise<HttpAnswer> {
  const { method, url, headers = {}, body, signal, idleMs } = request;
  const { length, open } = bodyParts(body);
  return new Promise((answered, failed) => {
    if (signal.aborted) {
      failed(signal.reason as Error);
      return;
    }
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const sent = send(url, { method, agent, signal, headers: { ...headers, ...length } });
    const fail = (error: unknown): void => {
      failed(signal.aborted ? (signal.reason as Error) : (error as Error));
    };
    sent.setTimeout(idleMs, () => {
      sent.destroy(Object.assign(new Error(`no answer within ${idleMs / 1000} s`), { code: 'ETIMEDOUT' }));
    });
    sent.on('error', fail);
    const source = open();
    sent.on('response', (response: IncomingMessage) => {
      // An answer before the end of the body is a refusal: the rest is not sent, and the connection not used again.
      if (!sent.writableFinished) source.destroy();
      answered({
        status: response.statusCode ?? 0,
        headers: Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : value,
          ]),
        ),
        body: response,
      });
    });
    pipeline(source, sent).catch(fail);
  });
}
