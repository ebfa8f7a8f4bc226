import { X509Certificate } from 'node:crypto';
import { IngotError } from '../../host/ingot-error.ts';
import type { TlsSection } from '../cluster-spec/tls-schema.ts';

/** The TLS settings in /etc/ingot/cluster.json. */
export interface SeededTls {
  /** Certificates in PEM. */
  readonly ca: string;
  readonly level: NonNullable<TlsSection>['level'];
}

const hint =
  'seed.tls.ca names the certificate of the CA that signs those of the nodes, in PEM (docs/tls.md)';
const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const wrong = (file: string, what: string): IngotError =>
  new IngotError({ code: 'wrong-spec', message: `seed.tls.ca: ${file} ${what}`, hint });

function certificateOf(file: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw wrong(file, 'has a certificate that cannot be read');
  }
}

/**
 * Returns the certificates of a CA in the format of the seed.
 * @param text of the file that the spec names
 * @param now a CA whose certificate has expired by then is refused
 * @throws IngotError wrong-spec, which repeats nothing of the text
 */
export function seededTls({ ca, level }: NonNullable<TlsSection>, text: string, now: Date): SeededTls {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    throw wrong(ca, 'holds a private key: the seed is public, it takes the certificate only');
  const found = (text.match(block) ?? []).map((one) => certificateOf(ca, one));
  if (found.length === 0) throw wrong(ca, 'is not a certificate in PEM');
  for (const one of found) {
    const name = one.subject.replaceAll('\n', ', ');
    if (!one.ca)
      throw wrong(ca, `has the certificate of ${name}, which is not that of a CA (basicConstraints CA:TRUE)`);
    const end = new Date(one.validTo);
    if (end < now)
      throw wrong(ca, `has the certificate of ${name}, which expired on ${end.toISOString().slice(0, 10)}`);
  }
  return { ca: found.map(String).join(''), level };
}
