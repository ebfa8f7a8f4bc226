import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Pair, TestCa } from '../../samples/certificates.ts';
import { askHttps } from './ask-https.ts';
import { Bench, ended, kill } from './bench.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

let bench: Bench;
let zk: number;
let ca: TestCa;
let pair: Pair;
beforeAll(async () => {
  bench = new Bench();
  ca = new TestCa();
  pair = ca.node(['127.0.0.1']);
  zk = await freePort();
  bench.startZooKeeper(zk);
});
afterAll(async () => {
  await bench.close();
  ca.close();
});

/** The same variables without some of them. */
const without = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(mutual()).filter(([name]) => !names.includes(name.replace('LIBPROCESS_SSL_', ''))),
  );

/** What ingot-identity writes for the level mutual (cluster_tls.py). */
const mutual = (own: Pair = pair): Record<string, string> => ({
  LIBPROCESS_SSL_ENABLED: 'true',
  LIBPROCESS_SSL_KEY_FILE: own.keyFile,
  LIBPROCESS_SSL_CERT_FILE: own.certificateFile,
  LIBPROCESS_SSL_CA_FILE: ca.ca.certificateFile,
  LIBPROCESS_SSL_VERIFY_CERT: 'true',
  LIBPROCESS_SSL_REQUIRE_CERT: 'true',
  LIBPROCESS_SSL_VERIFY_IPADD: 'true',
  LIBPROCESS_SSL_HOSTNAME_VALIDATION_SCHEME: 'openssl',
  LIBPROCESS_SSL_CIPHERS: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
});

async function startMaster(path: string, env: Record<string, string>) {
  const port = await freePort();
  const running = bench.start(
    `master-${port}`,
    'usr/sbin/mesos-master',
    [
      `--zk=zk://127.0.0.1:${zk}/${path}`,
      '--quorum=1',
      '--ip=127.0.0.1',
      `--port=${port}`,
      `--work_dir=${bench.folder}/m${port}`,
      '--no-hostname_lookup',
      '--zk_session_timeout=2secs',
    ],
    env,
  );
  return { port, running };
}

async function startAgent(path: string, env: Record<string, string>) {
  const port = await freePort();
  const running = bench.start(
    `agent-${port}`,
    'usr/sbin/mesos-slave',
    [
      `--master=zk://127.0.0.1:${zk}/${path}`,
      '--ip=127.0.0.1',
      `--port=${port}`,
      `--work_dir=${bench.folder}/a${port}`,
      '--no-hostname_lookup',
      '--zk_session_timeout=2secs',
    ],
    env,
  );
  return { port, running };
}

type Metrics = Record<string, number>;
const metric = (port: number, name: string, own?: Pair) =>
  eventually(`${name} is 1`, async () =>
    ((await askHttps(port, '/metrics/snapshot', ca.ca.certificate, { pair: own })).body as Metrics)[name] ===
    1
      ? true
      : undefined,
  );
const overHttp = (port: number) => fetch(`http://127.0.0.1:${port}/health`).then(({ status }) => status);

test('masters, agents and Marathon use only TLS among each other, and a task runs', async () => {
  const master = await startMaster('mutual', mutual());
  const agent = await startAgent('mutual', mutual());
  await metric(master.port, 'master/elected', pair);
  await metric(agent.port, 'slave/registered', pair);

  const store = join(bench.folder, 'marathon.p12');
  execFileSync('openssl', [
    'pkcs12',
    '-export',
    '-in',
    pair.certificateFile,
    '-inkey',
    pair.keyFile,
    '-certfile',
    ca.ca.certificateFile,
    '-out',
    store,
    '-passout',
    'pass:changeit',
  ]);
  const port = await freePort();
  bench.start('marathon', 'usr/bin/marathon', [], {
    ...mutual(),
    MARATHON_MASTER: `zk://127.0.0.1:${zk}/mutual`,
    MARATHON_ZK: `zk://127.0.0.1:${zk}/marathon`,
    MARATHON_HOSTNAME: '127.0.0.1',
    MARATHON_DISABLE_HTTP: '',
    MARATHON_HTTPS_PORT: String(port),
    MARATHON_SSL_KEYSTORE_PATH: store,
    MARATHON_SSL_KEYSTORE_PASSWORD: 'changeit',
  });
  await eventually('Marathon leads', async () => {
    const { body } = await askHttps(port, '/v2/leader', ca.ca.certificate);
    return (body as { leader?: string }).leader === `127.0.0.1:${port}` ? true : undefined;
  });
  const app = { id: 'web', cmd: 'exec sleep 600', instances: 1 };
  expect((await askHttps(port, '/v2/apps', ca.ca.certificate, { body: app })).status).toBe(201);
  await eventually('the task runs', async () => {
    const { body } = await askHttps(port, '/v2/apps/web/tasks', ca.ca.certificate);
    return (body as { tasks: unknown[] }).tasks.length === 1 ? true : undefined;
  });
  // These are refused: plain text, no certificate, a certificate of another CA.
  for (const each of [master.port, agent.port, port]) await expect(overHttp(each)).rejects.toThrow();
  const other = new TestCa('another');
  try {
    const stranger = other.node(['127.0.0.1']);
    for (const each of [master.port, agent.port]) {
      await expect(askHttps(each, '/state', ca.ca.certificate)).rejects.toThrow();
      await expect(askHttps(each, '/state', ca.ca.certificate, { pair: stranger })).rejects.toThrow();
      await expect(askHttps(each, '/state', other.ca.certificate, { pair })).rejects.toThrow(/certificate/);
    }
    const intruder = await startAgent('mutual', mutual(stranger));
    await eventually('the agent of another CA is refused', () =>
      /The master does not answer/.test(intruder.running.log()) ? true : undefined,
    );
    const plain = await startAgent('mutual', {});
    await eventually('an agent without TLS is refused', () =>
      /The master does not answer/.test(plain.running.log()) ? true : undefined,
    );
    const { body } = await askHttps(master.port, '/state', ca.ca.certificate, { pair });
    expect((body as { slaves: unknown[] }).slaves).toHaveLength(1);
  } finally {
    other.close();
  }
});

test('during a migration, members with and without TLS work together, in both directions', async () => {
  const downgrade = {
    ...mutual(),
    LIBPROCESS_SSL_SUPPORT_DOWNGRADE: 'true',
    LIBPROCESS_SSL_VERIFY_CERT: 'false',
    LIBPROCESS_SSL_REQUIRE_CERT: 'false',
  };
  const master = await startMaster('way', downgrade);
  await metric(master.port, 'master/elected');
  expect(await overHttp(master.port)).toBe(200);
  const [plain, secure] = [await startAgent('way', {}), await startAgent('way', downgrade)];
  for (const { running } of [plain, secure])
    await eventually('registered', () => (/Registered with master/.test(running.log()) ? true : undefined));
  await kill(master.running, 'SIGKILL');
  const old = await startMaster('way', {});
  await eventually('the agent with TLS reaches a master without TLS', () =>
    secure.running.log().includes(`master@127.0.0.1:${old.port}; agent ID`) ? true : undefined,
  );
});

describe('input that libprocess refuses is refused, in its words', () => {
  const only = (...names: string[]): Record<string, string> =>
    Object.fromEntries(
      Object.entries(mutual()).filter(([name]) => names.some((one) => name === `LIBPROCESS_SSL_${one}`)),
    );
  const cases: [string, () => Record<string, string>, string][] = [
    [
      'no key',
      () => only('ENABLED', 'CERT_FILE'),
      'SSL requires key! NOTE: Set path with LIBPROCESS_SSL_KEY_FILE',
    ],
    [
      'no certificate',
      () => only('ENABLED', 'KEY_FILE'),
      'SSL requires certificate! NOTE: Set path with LIBPROCESS_SSL_CERT_FILE',
    ],
    [
      'another key',
      () => ({ ...mutual(), LIBPROCESS_SSL_KEY_FILE: ca.ca.keyFile }),
      'Private key does not match the certificate public key',
    ],
    [
      'a key that does not exist',
      () => ({ ...mutual(), LIBPROCESS_SSL_KEY_FILE: '/nowhere' }),
      "Could not load key file '/nowhere'",
    ],
    [
      'a CA that does not exist',
      () => ({ ...mutual(), LIBPROCESS_SSL_CA_FILE: '/nowhere' }),
      'Could not load CA file and/or directory',
    ],
    [
      'a value that is not a boolean',
      () => ({ ...mutual(), LIBPROCESS_SSL_ENABLED: 'yes' }),
      "Failed to load flag 'enabled': Failed to load value 'yes': Expecting a boolean",
    ],
    [
      'an unknown scheme',
      () => ({ ...mutual(), LIBPROCESS_SSL_HOSTNAME_VALIDATION_SCHEME: 'x' }),
      'Unknown value for hostname_validation_scheme: x',
    ],
  ];
  test.each(cases)('%s', async (_, env, words) => {
    const { running } = await startMaster('refused', env());
    expect(await ended(running)).toBe(1);
    expect(running.log()).toContain(words);
  });

  test('a key on an elliptic curve with the default ciphers of libprocess: every handshake fails', async () => {
    const { port } = await startMaster('ciphers', without('CIPHERS'));
    await eventually('it listens', () =>
      overHttp(port).then(
        () => undefined,
        (error: unknown) => (/ECONNREFUSED/.test(String((error as Error).cause)) ? undefined : true),
      ),
    );
    await expect(askHttps(port, '/health', ca.ca.certificate, { pair })).rejects.toThrow(
      /handshake|EPROTO|ECONNRESET/i,
    );
  });

  test('1.9 ignores the variable names of 1.10: it requests no certificate', async () => {
    const old = without('REQUIRE_CERT', 'VERIFY_CERT');
    const { port } = await startMaster('names', { ...old, LIBPROCESS_SSL_REQUIRE_CLIENT_CERT: 'true' });
    await metric(port, 'master/elected');
  });

  test("clusterd's package uses them: nobody is answered without a certificate", async () => {
    const port = await freePort();
    const settings = {
      ...without('REQUIRE_CERT', 'VERIFY_CERT'),
      LIBPROCESS_SSL_REQUIRE_CLIENT_CERT: 'true',
    };
    bench.start(
      'clusterd',
      `${bench.clusterd}/usr/bin/mesos-master`,
      [
        '--quorum=1',
        `--zk=zk://127.0.0.1:${zk}/clusterd`,
        '--ip=127.0.0.1',
        `--port=${port}`,
        `--work_dir=${bench.folder}/clusterd-master`,
        '--no-hostname_lookup',
      ],
      settings,
    );
    await metric(port, 'master/elected', pair);
    await expect(askHttps(port, '/state', ca.ca.certificate)).rejects.toThrow();
  });
});
