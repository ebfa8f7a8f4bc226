import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Pair, TestCa } from '../../samples/certificates.ts';
import { NodeTree } from '../../unit/images/node-tree.ts';
import { eventually } from '../stand-ins/eventually.ts';

const images = fileURLToPath(new URL('../../../images/master/rootfs', import.meta.url));
// Addresses of this machine that no other test uses.
const masters = ['127.0.77.11', '127.0.77.12', '127.0.77.13'] as const;
const ports = { client: 22_181, quorum: 22_888, election: 23_888 };

let ca: TestCa;
let other: TestCa;
const pairs = new Map<string, Pair>();
const trees: NodeTree[] = [];
const running: ChildProcess[] = [];
beforeAll(() => {
  ca = new TestCa();
  other = new TestCa('another CA');
  // A member calls from the loopback address here, and its peers compare that as well.
  for (const address of masters) pairs.set(address, ca.node([address, '127.0.0.1']));
});
afterAll(async () => {
  await Promise.all(running.map(stop));
  for (const { folder } of trees) rmSync(folder, { recursive: true });
  ca.close();
  other.close();
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

/**
 * Starts Debian's ZooKeeper with the unit's command line and the files that ingot-identity writes for a master at this
 * address; returns a function that returns its log.
 */
function start(address: string, { key, certificate }: Pair, trusted: string, level = 'mutual'): () => string {
  const tree = new NodeTree();
  trees.push(tree);
  const secret = (name: string, text: string): object => {
    const path = join(tree.folder, 'var/lib/ingot/state', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o600);
    return { file: `/var/lib/ingot/state/${name}` };
  };
  const secrets = { tlsKey: secret('key', key), tlsCertificate: secret('certificate', certificate) };
  const tls = { ca: trusted, level };
  tree.write(
    '/etc/ingot/cluster.json',
    JSON.stringify({ version: 1, cluster: 'demo', masters, secrets, tls }),
  );
  tree.write('/usr/lib/ingot/release.json', '{"role":"master","layout":"clusterd","scheduler":"none"}');
  const made = tree.run('/usr/lib/ingot/identity', `--address=${address}`);
  expect(made.stderr).not.toContain('DOES NOT JOIN');

  // The same file with folders below the tree's, free ports, and shorter ticks.
  const inTree = (text: string): string =>
    text.replaceAll(/(?<=[=:])\/(?=run\/|var\/|etc\/zookeeper)/g, `${tree.folder}/`);
  const conf = join(tree.folder, 'etc/zookeeper/conf');
  const cfg = inTree(tree.read('/etc/zookeeper/conf/zoo.cfg'))
    .replace('tickTime=2000', 'tickTime=500')
    .replace('clientPort=2181', `clientPort=${ports.client}\nclientPortAddress=${address}`)
    .replaceAll(':2888:3888', `:${ports.quorum}:${ports.election}`);
  writeFileSync(join(conf, 'zoo.cfg'), cfg);
  writeFileSync(join(conf, 'logback.xml'), readFileSync(join(images, 'etc/zookeeper/conf/logback.xml')));
  const unit = readFileSync(join(images, 'usr/lib/systemd/system/zookeeper.service'), 'utf8');
  const [java = '', ...args] = (/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '')
    .replace('$JVMFLAGS', '-Xmx128m -XX:TieredStopAtLevel=1')
    .replaceAll('/etc/zookeeper/conf', conf)
    .split(' ');
  const child = spawn(java, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let log = '';
  child.stdout.on('data', (part: Buffer) => (log += part.toString()));
  child.stderr.on('data', (part: Buffer) => (log += part.toString()));
  return () => log;
}

/** The mode that a member reports; undefined while it serves nobody. */
const modeOf = (address: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(ports.client, address, () => socket.write('srvr'));
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.on('error', () => {
      resolve(undefined);
    });
    socket.on('close', () => {
      resolve(/^Mode: (.*)$/m.exec(answer)?.[1]);
    });
  });

/** The result of a TLS handshake at a member's election port: "", or the error. */
const handshake = (address: string, pair: Pair | undefined): Promise<string> =>
  new Promise((resolve) => {
    const own = pair === undefined ? {} : { cert: pair.certificate, key: pair.key };
    const socket = connectTls({
      host: address,
      port: ports.election,
      ca: ca.ca.certificate,
      ...own,
      maxVersion: 'TLSv1.2',
    });
    const done = (how: string): void => {
      socket.destroy();
      resolve(how);
    };
    socket.once('secureConnect', () => {
      done('');
    });
    socket.once('error', (error: Error) => {
      done(error.message);
    });
  });

/** Sends plain text to a port of a member; returns what comes back until it closes the connection. */
const plainText = (address: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    // The first bytes that a member without TLS sends: the protocol version of QuorumCnxManager.
    const socket = connect(port, address, () => socket.write(Buffer.from('ffffffffffff0001', 'hex')));
    socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    socket.on('error', () => {
      resolve(answer);
    });
    socket.on('close', () => {
      resolve(answer);
    });
  });

const modes = () => Promise.all(masters.map(modeOf));
const full = (found: readonly (string | undefined)[]): boolean =>
  [...found].sort().join() === 'follower,follower,leader';

test("Debian's ZooKeeper uses TLS between its members and refuses another CA, no certificate and plain text", async () => {
  const [first, second, third] = masters;
  const pairOf = (address: string): Pair => pairs.get(address) ?? expect.unreachable();
  start(first, pairOf(first), ca.ca.certificate);
  start(second, pairOf(second), ca.ca.certificate);
  await eventually(
    'two of three have a quorum',
    async () => ((await modes()).filter(Boolean).length === 2 ? true : undefined),
    60,
  );

  // The third place: a member with a certificate of another CA, which trusts that CA.
  const log = start(third, other.node([third, '127.0.0.1']), other.ca.certificate);
  await eventually(
    'it is refused',
    () => (/SSLHandshakeException: .*(?:PKIX|certificate)/.test(log()) ? true : undefined),
    60,
  );
  expect(await modeOf(third)).toBeUndefined();
  for (const child of running.slice(-1)) await stop(child);

  // Then the correct member takes that place.
  await eventually('its port is free', async () =>
    (await handshake(third, pairOf(first))).includes('ECONNREFUSED') ? true : undefined,
  );
  start(third, pairOf(third), ca.ca.certificate);
  await eventually('a leader and two followers', async () => (full(await modes()) ? true : undefined), 60);

  for (const address of masters) {
    expect(await handshake(address, pairOf(first))).toBe('');
    expect(await handshake(address, undefined)).not.toBe('');
    expect(await handshake(address, other.node([address]))).not.toBe('');
    expect(await plainText(address, ports.election)).not.toMatch(/^.{4}127|myid/);
  }
  expect(full(await modes())).toBe(true);
}, 240_000);
