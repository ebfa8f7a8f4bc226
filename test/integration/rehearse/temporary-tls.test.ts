import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { tlsChecks } from '../../../src/rehearse/drills/tls-checks.ts';
import { masterPlaces, replacementOf } from '../../../src/rehearse/place.ts';
import { rehearsedSettings } from '../../../src/rehearse/settings/rehearsed-settings.ts';
import { makeTemporaryTls, tlsSecretTexts, withCa } from '../../../src/rehearse/settings/temporary-tls.ts';
import { TestCa } from '../../samples/certificates.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { NodeTree } from '../../unit/images/node-tree.ts';

const secrets = {
  tlsKey: { file: '/var/lib/ingot/state/key' },
  tlsCertificate: { file: '/var/lib/ingot/state/certificate' },
};
const site = { cluster: { secrets, tls: { ca: 'the CA of the site', level: 'mutual' } }, files: [] };

test('every machine of a rehearsal, including one that a drill adds, joins with the certificate that was made for it', async () => {
  const tls = await makeTemporaryTls(makeHost(), await temporaryFolder());
  const settings = rehearsedSettings(withCa(site, tls), tlsSecretTexts(tls));
  expect(JSON.stringify(settings)).not.toContain('the CA of the site');
  const masters = masterPlaces(3);
  const [first] = masters;
  if (first === undefined) throw new Error('there are three');
  const added = replacementOf(first);
  for (const { address } of [...masters, added]) {
    const tree = new NodeTree();
    onTestFinished(() => {
      tree.remove();
    });
    const list = address === added.address ? [address] : masters.map((one) => one.address);
    // The commands read from the root of the node; here that is the tree.
    const cluster = JSON.stringify({ version: 1, cluster: 'demo', masters: list, ...settings.cluster });
    tree.write(
      '/etc/ingot/cluster.json',
      cluster.replaceAll('/etc/ingot-rehearsal', `${tree.folder}/etc/ingot-rehearsal`),
    );
    for (const { path, content } of settings.files) {
      tree.write(path, content);
      chmodSync(join(tree.folder, path), 0o600);
    }
    tree.write('/usr/lib/ingot/release.json', '{"role":"master","layout":"clusterd","scheduler":"none"}');
    const ran = tree.run('/usr/lib/ingot/identity', `--address=${address}`);
    expect(ran.stderr).toBe('');
    expect(ran.exitCode).toBe(0);
  }
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

/** Runs the drill's shell script on this host: its exit status and its output. */
async function asked(port: number, level: string): Promise<{ status: number | null; says: string }> {
  const tree = new NodeTree();
  onTestFinished(() => {
    tree.remove();
  });
  const pair = ca.node(['127.0.0.1']);
  tree.write('/run/ingot/tls/ca.pem', ca.ca.certificate);
  tree.write('/run/ingot/secrets/tls-key', pair.key);
  tree.write('/run/ingot/secrets/tls-certificate', pair.certificate);
  const text = tlsChecks(
    [{ name: 'master-1', address: '127.0.0.1', port, kind: 'mesos' }],
    level,
    tree.folder,
  );
  const child = spawn('sh', ['-c', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  let says = '';
  child.stdout.on('data', (part: Buffer) => (says += part.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, says };
}

let ca: TestCa;
beforeAll(() => {
  ca = new TestCa();
  return () => {
    ca.close();
  };
});
const secure = (clients: boolean) => {
  const pair = ca.node(['127.0.0.1']);
  const options = {
    key: pair.key,
    cert: pair.certificate,
    ca: ca.ca.certificate,
    requestCert: clients,
    rejectUnauthorized: clients,
  };
  return listening(createServer(options, (_, reply) => reply.end('{}')));
};

test('the drill passes if Mesos answers only members', async () => {
  expect(await asked(await secure(true), 'mutual')).toEqual({ status: 0, says: '' });
});

test('the drill reports a service that answers without a certificate', async () => {
  const { status, says } = await asked(await secure(false), 'mutual');
  expect(status).toBe(1);
  expect(says).toMatch(/^master-1 answers at port \d+ without a certificate$/m);
  expect((await asked(await secure(false), 'verify')).status).toBe(0);
});

test('the drill reports a service that speaks plain text', async () => {
  const port = await listening(createPlain((_, reply) => reply.end('{}')));
  const { status, says } = await asked(port, 'verify');
  expect(status).toBe(1);
  expect(says).toMatch(
    /master-1 does not answer at port \d+ by TLS with a certificate of the CA[^]*master-1 takes plain text at port/,
  );
});

test('the scripts for the nodes are valid POSIX shell', async () => {
  const file = join(await temporaryFolder(), 'questions');
  const ports = (['mesos', 'quorum', 'scheduler'] as const).map((kind) => ({
    name: 'a',
    address: '10.0.0.1',
    port: 1,
    kind,
  }));
  writeFileSync(file, `#!/bin/sh\n${tlsChecks(ports, 'mutual')}`);
  expect(readFileSync(file, 'utf8')).toContain('quorum a 10.0.0.1 1');
  execFileSync('shellcheck', [file]);
});
