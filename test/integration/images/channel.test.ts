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
/** A server that behaves like Mesos with these settings. */
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

/** What a program of a node with this level of TLS gets from the port. pair: the certificate and key that it uses. */
function ask(port: number, level: string | undefined, pair: Pair = own, uid?: number): Promise<string> {
  const client = join(ca.folder, `client-${level ?? 'none'}.json`);
  const { keyFile: key, certificateFile: certificate } = pair;
  if (level !== undefined)
    writeFileSync(client, JSON.stringify({ ca: ca.ca.certificateFile, certificate, key, level }));
  return askFromNode(port, client, uid);
}

test('a node without TLS uses plain text', async () => {
  expect(await ask(await plain(), undefined)).toBe('200 {"master/elected": 1.0}');
});

test.each(['verify', 'mutual', 'prefer', 'accept'])(
  'a member with a certificate of the CA is accepted: %s',
  async (level) => {
    expect(await ask(await secure(own, level === 'mutual'), level)).toBe('200 {"master/elected": 1.0}');
  },
);

test('a member with a certificate of another CA is not accepted', async () => {
  const port = await secure(other.node(['127.0.0.1']), false);
  expect(await ask(port, 'verify')).toMatch(
    /^https:\/\/127\.0\.0\.1:\d+\/metrics\/snapshot: its certificate is not signed by this cluster's CA \(seed\.tls\.ca\)/,
  );
});

test('a member with the certificate of another member is not accepted', async () => {
  expect(await ask(await secure(ca.node(['10.0.0.99']), false), 'mutual')).toMatch(
    /or is not for this address: .*IP address mismatch/,
  );
});

test('plain text is reported if TLS is demanded, and accepted during the migration to TLS', async () => {
  const port = await plain();
  expect(await ask(port, 'verify')).toMatch(/it speaks plain text, and the seed demands TLS/);
  expect(await ask(port, 'prefer')).toBe('200 {"master/elected": 1.0}');
});

test('a node with a certificate of another CA reports that a member does not accept it', async () => {
  const port = await secure(own, true);
  expect(await ask(port, 'mutual', other.node(['127.0.0.1']))).toMatch(
    /not accept the certificate of this node/,
  );
});

test.runIf(process.getuid?.() === 0)(
  'a user who may not read the key of the node sees that only root can',
  async () => {
    chmodSync(ca.folder, 0o755);
    expect(await ask(await secure(own, true), 'mutual', own, 65_534)).toMatch(
      /only root can read its key \(sudo\)/,
    );
  },
);
