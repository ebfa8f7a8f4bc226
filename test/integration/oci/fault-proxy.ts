import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as secureRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCa } from '../../samples/certificates.ts';

/** What a proxy does to a request. */
export type Fault =
  /** The registry does not see it, and the answer is 500. */
  | 'answers 500'
  /** The registry does it, and the answer is 500. */
  | 'does it and answers 500'
  /** The connection is cut before the registry sees it. */
  | 'cuts before'
  /** Half of the body reaches the registry. */
  | 'cuts in the body'
  /** The registry does it, and half of the answer arrives. */
  | 'cuts in the answer';

export const allFaults: readonly Fault[] = [
  'answers 500',
  'does it and answers 500',
  'cuts before',
  'cuts in the body',
  'cuts in the answer',
];

export interface FaultProxy {
  /** 127.0.0.1:PORT, with a certificate of the same CA. */
  readonly host: string;
  /** What was asked since the last call of `plan`: METHOD path. */
  readonly requests: string[];
  /** Decides about each request, which are counted from 0. */
  plan(fault: (index: number, request: string) => Fault | undefined): void;
  /** Called before each request is forwarded; resolves to an answer in its place. */
  intercept?: ((incoming: IncomingMessage, outgoing: ServerResponse) => Promise<boolean>) | undefined;
  stop(): Promise<void>;
}

interface Forwarding {
  readonly backend: string;
  readonly agent: Agent;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly fault: Fault | undefined;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function cut({ incoming }: Pick<Forwarding, 'incoming'>): void {
  incoming.socket.destroy();
}

async function forward({ backend, agent, incoming, outgoing, fault }: Forwarding): Promise<void> {
  if (fault === 'answers 500') {
    incoming.resume();
    outgoing.writeHead(500, { 'content-type': 'text/plain' }).end('planned');
    return;
  }
  if (fault === 'cuts before') {
    cut({ incoming });
    return;
  }
  const body = await readAll(incoming);
  // A registry sees the host of the proxy, as behind every proxy: its locations lead here.
  const headers = { ...incoming.headers };
  delete headers['transfer-encoding'];
  const sent = secureRequest(`https://${backend}${incoming.url ?? ''}`, {
    ...{ method: incoming.method, headers: headers, agent },
  });
  sent.on('error', () => {
    cut({ incoming });
  });
  if (fault === 'cuts in the body') {
    sent.write(body.subarray(0, body.byteLength >> 1));
    sent.flushHeaders();
    setImmediate(() => {
      sent.destroy();
    });
    return;
  }
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const content = await readAll(answer);
  if (fault === 'does it and answers 500') {
    outgoing.writeHead(500).end('planned');
    return;
  }
  const others = { ...answer.headers };
  delete others['transfer-encoding'];
  delete others.connection;
  outgoing.writeHead(answer.statusCode ?? 500, {
    ...others,
    // An answer to HEAD keeps the length of what it is about.
    ...(incoming.method === 'HEAD' ? {} : { 'content-length': content.byteLength }),
  });
  if (fault === 'cuts in the answer') {
    outgoing.write(content.subarray(0, content.byteLength >> 1));
    outgoing.flushHeaders();
    setImmediate(() => {
      cut({ incoming });
    });
    return;
  }
  outgoing.end(content);
}

/** Starts a proxy in front of a registry. */
export async function startFaultProxy(backend: string, ca: TestCa): Promise<FaultProxy> {
  const { key, certificate } = ca.node(['127.0.0.1']);
  const agent = new Agent({ ca: ca.ca.certificate, keepAlive: true });
  let decide: (index: number, request: string) => Fault | undefined = () => undefined;
  const requests: string[] = [];
  const server: Server = createServer({ key, cert: certificate }, (incoming, outgoing) => {
    const name = `${incoming.method ?? ''} ${(incoming.url ?? '').replace(/\?.*$/, '')}`;
    const fault = decide(requests.length, name);
    requests.push(name);
    const work = async () => {
      if ((await proxy.intercept?.(incoming, outgoing)) === true) return;
      await forward({ backend, agent, incoming, outgoing, fault });
    };
    work().catch(() => {
      cut({ incoming });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    plan: (fault) => {
      decide = fault;
      requests.length = 0;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
  return proxy;
}
