import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { SeedSettings } from '../../inputs/plan/seed-settings.ts';
import { everyAddress } from '../place.ts';

/** A CA for one rehearsal, and the key and certificate of its nodes; all in PEM. */
export interface TemporaryTls {
  readonly ca: string;
  readonly key: string;
  readonly certificate: string;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const days = ['-days', '2'];

/**
 * Creates the CA and the certificate with openssl(1). All nodes have the same certificate, because they have the same
 * seed. It names every address of a rehearsal's network, including those of machines that a drill adds.
 * @param folder absolute path of a temporary folder; the CA's key stays in it
 */
export async function makeTemporaryTls(host: Host, folder: string): Promise<TemporaryTls> {
  const at = (name: string): string => join(folder, `tls-${name}`);
  const [ca, key, certificate] = [at('ca.pem'), at('key.pem'), at('certificate.pem')];
  const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'].flatMap((one) => [
    '-addext',
    one,
  ]);
  await host.run('openssl', [
    ...['req', '-x509', ...curve, ...days, '-subj', '/CN=CA of a rehearsal', ...authority],
    ...['-keyout', at('ca.key'), '-out', ca],
  ]);
  await host.run('openssl', [
    'req',
    '-new',
    ...curve,
    '-subj',
    '/CN=a rehearsed node',
    '-keyout',
    key,
    '-out',
    at('request.pem'),
  ]);
  const names = everyAddress().map((address) => `IP:${address}`);
  await writeFile(
    at('extensions'),
    `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\n`,
  );
  await host.run('openssl', [
    ...['x509', '-req', ...days, '-in', at('request.pem'), '-CA', ca, '-CAkey', at('ca.key')],
    ...['-set_serial', '1', '-extfile', at('extensions'), '-out', certificate],
  ]);
  const [a, b, c] = await Promise.all([ca, key, certificate].map((path) => readFile(path, 'utf8')));
  return { ca: a ?? '', key: b ?? '', certificate: c ?? '' };
}

/** Whether members of a cluster with these settings use TLS. */
export const hasTls = ({ cluster }: SeedSettings): boolean => cluster['tls'] !== undefined;

/** Whether members accept only TLS; in that case Marathon's own port uses TLS as well. */
export function speaksTlsOnly({ cluster }: SeedSettings): boolean {
  const level = (cluster['tls'] as { readonly level?: string } | undefined)?.level;
  return level === 'verify' || level === 'mutual';
}

/** The settings with this CA instead of the site's, whose certificates no rehearsed node has. */
export function withCa(settings: SeedSettings, { ca }: TemporaryTls): SeedSettings {
  const tls = { ...(settings.cluster['tls'] as object), ca };
  return { ...settings, cluster: { ...settings.cluster, tls } };
}

/** The texts of the TLS secrets: name → text. */
export const tlsSecretTexts = ({ key, certificate }: TemporaryTls): ReadonlyMap<string, string> =>
  new Map([
    ['tlsKey', key],
    ['tlsCertificate', certificate],
  ]);
