import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TestCa } from '../../samples/certificates.ts';
import { freePort } from '../stand-ins/free-port.ts';

export const user = 'baker';
export const password = 'correct horse battery';
/** htpasswd -nbBC 4 */
const htpasswd = 'baker:$2y$04$dndK8Wvn24qfc3jV5Vq6e.tQ9eVEuB0tn4tH1YT4sWKNON6bk8okG\n';

export interface RegistryServer {
  /** 127.0.0.1:PORT */
  readonly host: string;
  readonly ca: TestCa;
  /** Where the registry keeps its files. */
  readonly storage: string;
  /** An environment whose HOME has a login of the registry and trusts its certificate; more hosts may be added. */
  readonly env: Readonly<Record<string, string>>;
  /** Also trusts, and logs in to, this host. */
  trust(host: string): Promise<void>;
  stop(): Promise<void>;
}

async function listens(child: ChildProcess): Promise<void> {
  if (child.stderr === null) throw new Error('no output');
  const lines = createInterface({ input: child.stderr });
  for await (const line of lines)
    if (line.includes('listening on')) {
      child.stderr.resume();
      return;
    }
  throw new Error('docker-registry ended');
}

/** Writes Docker's configuration and certificates for hosts into a home folder. */
async function writeHome(home: string, hosts: readonly string[], ca: TestCa): Promise<void> {
  const auth = Buffer.from(`${user}:${password}`).toString('base64');
  const auths = Object.fromEntries(hosts.map((host) => [host, { auth }]));
  await mkdir(join(home, '.docker'), { recursive: true });
  await writeFile(join(home, '.docker/config.json'), JSON.stringify({ auths }));
  for (const host of hosts) {
    const folder = join(home, '.config/docker/certs.d', host);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'ca.crt'), ca.ca.certificate);
  }
}

/** Starts Debian's docker-registry on loopback with TLS and basic authentication. */
export async function startRegistry({ login = true } = {}): Promise<RegistryServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ingot-registry-'));
  const ca = new TestCa('registry CA');
  const { keyFile, certificateFile } = ca.node(['127.0.0.1']);
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const storage = join(folder, 'storage');
  await writeFile(join(folder, 'htpasswd'), htpasswd);
  const config = {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: host, tls: { certificate: certificateFile, key: keyFile } },
    ...(login ? { auth: { htpasswd: { realm: 'bakers', path: join(folder, 'htpasswd') } } } : {}),
  };
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listens(child);
  const home = join(folder, 'home');
  const hosts = [host];
  await writeHome(home, hosts, ca);
  return {
    ...{ host, ca, storage },
    env: { HOME: home, PATH: process.env['PATH'] ?? '' },
    trust: async (other) => {
      hosts.push(other);
      await writeHome(home, hosts, ca);
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      ca.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
