import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

type Environment = Readonly<Record<string, string | undefined>>;

/** Debian's certificates of authorities (update-ca-certificates(8)). */
const systemBundle = '/etc/ssl/certs/ca-certificates.crt';

async function textOf(file: string | undefined): Promise<string[]> {
  if (file === undefined || file === '') return [];
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? [] : [text];
}

/** The certificates that Docker trusts for one registry (docs.docker.com/engine/security/certificates). */
async function ofRegistry(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.crt')).sort();
  return (await Promise.all(names.map((name) => textOf(join(folder, name))))).flat();
}

/**
 * The authorities that sign the certificates of a registry: those of the system (SSL_CERT_FILE names another file), of
 * NODE_EXTRA_CA_CERTS, and of Docker's folders for this registry: /etc/docker/certs.d/HOST:PORT and, for a user,
 * ~/.config/docker/certs.d/HOST:PORT.
 * @returns PEM texts
 */
export async function registryCertificates(registry: string, env: Environment): Promise<string[]> {
  const own = env['SSL_CERT_FILE'];
  const system = await textOf(own === undefined || own === '' ? systemBundle : own);
  const folders = ['/etc/docker/certs.d', join(env['HOME'] ?? homedir(), '.config/docker/certs.d')];
  const more = await Promise.all([
    textOf(env['NODE_EXTRA_CA_CERTS']),
    ...folders.map((folder) => ofRegistry(join(folder, registry))),
  ]);
  return [...(system.length === 0 ? rootCertificates : system), ...more.flat()];
}
