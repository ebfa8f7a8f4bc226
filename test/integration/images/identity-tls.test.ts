import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Pair, TestCa } from '../../samples/certificates.ts';
import { NodeTree, type Ran } from '../../unit/images/node-tree.ts';

const masters = ['10.0.0.11', '10.0.0.12', '10.0.0.13'];
const [own, slave] = ['10.0.0.12', '10.0.0.21'];
const [keyPlace, certificatePlace] = ['/var/lib/ingot/state/tls/key', '/var/lib/ingot/state/tls/certificate'];

let ca: TestCa;
let pair: Pair;
beforeAll(() => {
  ca = new TestCa();
  pair = ca.node([own, slave]);
});
afterAll(() => {
  ca.close();
});

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write('/dev/console', '');
});
afterEach(() => {
  tree.remove();
});

function secret(path: string, text: string): void {
  const file = join(tree.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
}

const secrets = { tlsKey: { file: keyPlace }, tlsCertificate: { file: certificatePlace } };

/** Starts a node with this key and certificate, and a seed with tls. */
function start(
  role: 'master' | 'slave',
  tls: object = {},
  { key, certificate } = pair as Partial<Pair>,
  layout = 'mesosphere',
): Ran {
  const said = { version: 1, cluster: 'demo', masters, secrets, tls: { ca: ca.ca.certificate, ...tls } };
  tree.write('/etc/ingot/cluster.json', JSON.stringify(said));
  tree.write('/usr/lib/ingot/release.json', JSON.stringify({ role, layout, scheduler: 'marathon' }));
  secret(keyPlace, key ?? '');
  secret(certificatePlace, certificate ?? '');
  return tree.run('/usr/lib/ingot/identity', `--address=${role === 'master' ? own : slave}`);
}

const lines = (path: string): string[] => tree.read(path).trimEnd().split('\n');
const libprocess = (): Record<string, string> =>
  Object.fromEntries(
    lines('/run/ingot/tls/libprocess.env').map((line) => line.split('=') as [string, string]),
  );

describe('a node of a cluster with TLS', () => {
  it('makes Mesos verify both sides, with the variable names of each layout', () => {
    expect(start('master')).toMatchObject({ exitCode: 0 });
    expect(libprocess()).toMatchObject({
      LIBPROCESS_SSL_ENABLED: 'true',
      LIBPROCESS_SSL_SUPPORT_DOWNGRADE: 'false',
      LIBPROCESS_SSL_KEY_FILE: '/run/ingot/secrets/tls-key',
      LIBPROCESS_SSL_CERT_FILE: '/run/ingot/secrets/tls-certificate',
      LIBPROCESS_SSL_CA_FILE: '/run/ingot/tls/ca.pem',
      // libprocess 1.9 ignores the names of 1.10.
      LIBPROCESS_SSL_VERIFY_CERT: 'true',
      LIBPROCESS_SSL_REQUIRE_CERT: 'true',
      LIBPROCESS_SSL_VERIFY_IPADD: 'true',
    });
    expect(start('master', {}, pair, 'clusterd')).toMatchObject({ exitCode: 0 });
    expect(libprocess()).toMatchObject({
      LIBPROCESS_SSL_VERIFY_SERVER_CERT: 'true',
      LIBPROCESS_SSL_REQUIRE_CLIENT_CERT: 'true',
    });
    expect(libprocess()).not.toHaveProperty('LIBPROCESS_SSL_REQUIRE_CERT');
  });

  it('gives executors on a slave their settings, and a master none of them', () => {
    start('slave');
    expect(libprocess()['MESOS_EXECUTOR_ENVIRONMENT_VARIABLES']).toBe('file:///run/ingot/tls/executors.json');
    expect(JSON.parse(tree.read('/run/ingot/tls/executors.json'))).toMatchObject({
      LIBPROCESS_SSL_ENABLED: 'true',
    });
    expect(tree.paths().filter((path) => /zookeeper|marathon/.test(path))).toEqual([]);
  });

  it('makes ZooKeeper use TLS with its peers, and Marathon on its port', () => {
    start('master');
    expect(lines('/etc/zookeeper/conf/zoo.cfg').slice(-5)).toEqual([
      'sslQuorum=true',
      'ssl.quorum.keyStore.location=/run/ingot/secrets/zookeeper-tls.pem',
      'ssl.quorum.keyStore.type=PEM',
      'ssl.quorum.trustStore.location=/run/ingot/tls/ca.pem',
      'ssl.quorum.trustStore.type=PEM',
    ]);
    expect(lines('/etc/default/marathon')).toEqual(
      expect.arrayContaining([
        'LIBPROCESS_SSL_KEY_FILE=/run/ingot/secrets/marathon-tls-key',
        'MARATHON_DISABLE_HTTP=',
        'MARATHON_HTTPS_PORT=8080',
      ]),
    );
    const store = join(tree.folder, '/run/ingot/secrets/marathon-tls.p12');
    const shown = execFileSync('keytool', ['-list', '-keystore', store, '-storepass', 'changeit'], {
      encoding: 'utf8',
    });
    expect(shown).toMatch(/node, .*PrivateKeyEntry/);
    expect(shown).toMatch(/ca0, .*trustedCertEntry/);
  });

  it('writes keys that only their owners can read, in the form that all services read', () => {
    const rsa = ca.node([own], { rsa: true });
    const traditional = execFileSync('openssl', ['rsa', '-traditional', '-in', rsa.keyFile], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(traditional).toContain('BEGIN RSA PRIVATE KEY');
    expect(start('master', {}, { ...rsa, key: traditional })).toMatchObject({ exitCode: 0 });
    for (const name of ['tls-key', 'marathon-tls-key', 'zookeeper-tls.pem']) {
      expect(statSync(join(tree.folder, 'run/ingot/secrets', name)).mode & 0o777).toBe(0o600);
      // ZooKeeper's PemReader accepts only PKCS#8.
      expect(tree.read(`/run/ingot/secrets/${name}`)).toContain('-----BEGIN PRIVATE KEY-----');
    }
    expect(tree.read('/etc/default/marathon') + tree.read('/etc/zookeeper/conf/zoo.cfg')).not.toContain(
      'PRIVATE KEY',
    );
  });

  it.each([
    ['accept', 'false', 'false', ['sslQuorum=false', 'portUnification=true']],
    ['prefer', 'false', 'false', ['sslQuorum=true', 'portUnification=true']],
    ['verify', 'true', 'false', ['sslQuorum=true']],
    ['mutual', 'true', 'true', ['sslQuorum=true']],
  ])('migrates to TLS in steps: %s', (level, verify, require, quorum) => {
    expect(start('master', { level })).toMatchObject({ exitCode: 0 });
    const plainToo = level === 'accept' || level === 'prefer';
    expect(libprocess()).toMatchObject({
      LIBPROCESS_SSL_SUPPORT_DOWNGRADE: String(plainToo),
      LIBPROCESS_SSL_VERIFY_CERT: verify,
      LIBPROCESS_SSL_REQUIRE_CERT: require,
    });
    const cfg = lines('/etc/zookeeper/conf/zoo.cfg').filter((line) =>
      /^(sslQuorum|portUnification)/.test(line),
    );
    expect(cfg).toEqual(quorum);
    expect(tree.read('/etc/default/marathon').includes('MARATHON_DISABLE_HTTP')).toBe(!plainToo);
  });

  it('uses plain text again after it gets a seed without tls', () => {
    start('slave');
    tree.write('/etc/ingot/cluster.json', JSON.stringify({ version: 1, cluster: 'demo', masters }));
    expect(tree.run('/usr/lib/ingot/identity', `--address=${slave}`).exitCode).toBe(0);
    expect(tree.paths().filter((path) => path.startsWith('/run/ingot/tls'))).toEqual([]);
  });

  it('changes nothing the second time', () => {
    start('slave');
    const before = tree.snapshot();
    expect(tree.run('/usr/lib/ingot/identity', `--address=${slave}`).exitCode).toBe(0);
    expect(tree.snapshot()).toEqual(before);
  });
});

describe('a node does not join, and reports why in one message', () => {
  function refused(ran: Ran, message: RegExp): void {
    expect(ran.exitCode).toBe(1);
    expect(tree.read('/run/ingot/identity-failed')).toMatch(message);
    expect(
      tree
        .paths()
        .filter((path) => /^\/(etc\/(zookeeper|mesos|default)|run\/ingot\/(secrets|tls))/.test(path)),
    ).toEqual([]);
    const output = ran.stdout + ran.stderr + tree.read('/dev/console');
    expect(output).not.toMatch(/PRIVATE KEY-----|Traceback/);
  }

  it('with a certificate of another key', () => {
    refused(
      start('master', {}, { ...pair, key: ca.node([own]).key }),
      /does not belong to the key in tlsKey/,
    );
  });

  it('with a certificate of another CA', () => {
    const other = new TestCa('another CA');
    try {
      refused(start('master', {}, other.node([own])), /is not signed by the CA of the seed \(seed.tls.ca\)/);
    } finally {
      other.close();
    }
  });

  it('with a certificate that has expired, and with one that is not valid yet', () => {
    const [before, after] = ['20200101000000Z', '20990101000000Z'];
    refused(
      start('master', {}, ca.node([own], { from: before, until: '20200102000000Z' })),
      /has expired: renew it/,
    );
    refused(
      start('master', {}, ca.node([own], { from: after, until: '20990102000000Z' })),
      /is not valid yet: check the clock/,
    );
  });

  it('with the certificate of another node', () => {
    refused(
      start('master', {}, ca.node(['10.0.0.99'])),
      /not for its address 10\.0\.0\.12: .* subjectAltName = IP:10\.0\.0\.12/,
    );
  });

  it('with a certificate that is only valid for one side of TLS', () => {
    refused(start('slave', {}, ca.node([slave], { usage: 'serverAuth' })), /unsuitable certificate purpose/);
  });

  it('with a key instead of a certificate, with a passphrase, or with neither of them', () => {
    refused(
      start('slave', {}, { key: pair.key, certificate: pair.certificate + pair.key }),
      /tlsCertificate also holds a private key/,
    );
    const locked = execFileSync('openssl', ['pkey', '-aes256', '-passout', 'pass:x', '-in', pair.keyFile], {
      encoding: 'utf8',
    });
    refused(start('slave', {}, { ...pair, key: locked }), /is not a private key in PEM without a passphrase/);
    refused(
      start('slave', {}, { ...pair, certificate: 'hello\n' }),
      /tlsCertificate is not a certificate in PEM/,
    );
  });

  it('with an incomplete TLS configuration in the seed', () => {
    tree.write(
      '/usr/lib/ingot/release.json',
      JSON.stringify({ role: 'slave', layout: 'clusterd', scheduler: 'none' }),
    );
    const with_ = (more: object): Ran => {
      tree.write(
        '/etc/ingot/cluster.json',
        JSON.stringify({ version: 1, cluster: 'demo', masters, ...more }),
      );
      return tree.run('/usr/lib/ingot/identity', `--address=${slave}`);
    };
    const tls = { ca: ca.ca.certificate };
    refused(with_({ secrets }), /secrets has tlsKey and tlsCertificate, but the seed has no tls/);
    refused(with_({ tls }), /secrets has no tlsKey and no tlsCertificate/);
    refused(with_({ tls, secrets: { tlsKey: secrets.tlsKey } }), /secrets has no tlsCertificate/);
    refused(with_({ tls: { ca: ca.ca.key }, secrets }), /tls.ca holds a private key/);
    refused(with_({ tls: { ca: 'x' }, secrets }), /tls.ca must be the certificate/);
    refused(
      with_({ tls: { ...tls, level: 'tls' }, secrets }),
      /tls.level must be one of accept, prefer, verify, mutual/,
    );
  });
});
