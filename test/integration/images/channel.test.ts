import { chmodSync, writeFileSync } from 'node:fs';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Pair, TestCa } from '../../samples/certificates.ts';
import { askFromNode } from './ask-from-node.ts';

let ca: TestCa;
let other: TestCa;
let own: Pair;
beforeAll(() => {
  ca = new TestCa();
  other = new TestCa('another CA');
  own = ca.node(['127.0.0.1']);
});
afterAll(() => {
  ca.close();
  other.close();
});
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listening = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const answer = '{"master/elected": 1.0}';
const plain = () => listening(createPlain((_, reply) => reply.end(answer)));
/** A server as Mesos is with these settings. */
const secure = (pair: Pair, clients: boolean) =>
  listening(
    createServer(
      {
        key: pair.key,
        cert: pair.certificate,
        ca: ca.ca.certificate,
        requestCert: clients,
        rejectUnauthorized: clients,
        maxVersion: 'TLSv1.2',
      },
      (_, reply) => reply.end(answer),
    ),
  );

/** What a program of a node with this level of TLS gets from the port; key: whose key it has. */
function ask(port: number, level: string | undefined, pair: Pair = own, uid?: number): Promise<string> {
  const client = join(ca.folder, `client-${level ?? 'none'}.json`);
  const { keyFile: key, certificateFile: certificate } = pair;
  if (level !== undefined)
    writeFileSync(client, JSON.stringify({ ca: ca.ca.certificateFile, certificate, key, level }));
  return askFromNode(port, client, uid);
}

test('a node without TLS asks as before', async () => {
  expect(await ask(await plain(), undefined)).toBe('200 {"master/elected": 1.0}');
});

test.each(['verify', 'mutual', 'prefer', 'accept'])(
  'a member whose certificate is of the CA answers: %s',
  async (level) => {
    expect(await ask(await secure(own, level === 'mutual'), level)).toBe('200 {"master/elected": 1.0}');
  },
);

test('a member whose certificate another CA has signed is not believed', async () => {
  const port = await secure(other.node(['127.0.0.1']), false);
  expect(await ask(port, 'verify')).toMatch(
    /^https:\/\/127\.0\.0\.1:\d+\/metrics\/snapshot: its certificate is not signed by this cluster's CA \(seed\.tls\.ca\)/,
  );
});

test('nor is one that shows the certificate of another member', async () => {
  expect(await ask(await secure(ca.node(['10.0.0.99']), false), 'mutual')).toMatch(
    /or is not for this address: .*IP address mismatch/,
  );
});

test('plain text where TLS is demanded is called so, and taken on the way there', async () => {
  const port = await plain();
  expect(await ask(port, 'verify')).toMatch(/it speaks plain text, and the seed demands TLS/);
  expect(await ask(port, 'prefer')).toBe('200 {"master/elected": 1.0}');
});

test('a member that wants a certificate says so to one with that of another CA', async () => {
  const port = await secure(own, true);
  expect(await ask(port, 'mutual', other.node(['127.0.0.1']))).toMatch(
    /not accept the certificate of this node/,
  );
});

test.runIf(process.getuid?.() === 0)(
  'who may not read the key of the node is told that only root can',
  async () => {
    chmodSync(ca.folder, 0o755);
    expect(await ask(await secure(own, true), 'mutual', own, 65_534)).toMatch(
      /only root can read its key \(sudo\)/,
    );
  },
);
