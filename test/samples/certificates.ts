import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and its certificate, as paths and as text. */
export interface Pair {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly key: string;
  readonly certificate: string;
}

export interface CertificateOptions {
  /** Default: an elliptic curve. */
  readonly rsa?: boolean;
  /** For example "20260101000000Z"; default: now, and a day later. */
  readonly from?: string;
  readonly until?: string;
  /** extendedKeyUsage; default: both sides of TLS. */
  readonly usage?: string;
}

const run = (folder: string, ...args: readonly string[]): string =>
  execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A CA that the openssl program keeps in its own folder; close() removes it. */
export class TestCa {
  readonly folder = mkdtempSync(join(tmpdir(), 'ingot-ca-'));
  readonly ca: Pair;
  #count = 0;

  constructor(name = 'test CA', days = 2) {
    const key = this.#newKey('ca', false);
    const constraints = [
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign',
    ];
    const period = ['-days', String(days)];
    run(
      this.folder,
      ...['req', '-x509', '-new', '-key', key, '-out', 'ca.pem', '-subj', `/CN=${name}`],
      ...period,
      ...constraints,
    );
    this.ca = this.#pair('ca');
  }

  /** A certificate for addresses, signed by this CA. */
  node(addresses: readonly string[], options: CertificateOptions = {}): Pair {
    this.#count += 1;
    const name = `node${this.#count}`;
    const key = this.#newKey(name, options.rsa === true);
    run(this.folder, 'req', '-new', '-key', key, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const names = addresses.map((address) => `IP:${address}`).join(',');
    const extensions = [
      `subjectAltName=${names}`,
      `extendedKeyUsage=${options.usage ?? 'serverAuth,clientAuth'}`,
    ];
    writeFileSync(join(this.folder, `${name}.ext`), `${extensions.join('\n')}\n`);
    // Only openssl-ca(1) sets both ends of a certificate's validity.
    writeFileSync(join(this.folder, 'index.txt'), '');
    writeFileSync(
      join(this.folder, 'ca.cnf'),
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n',
    );
    const period = [
      ...(options.from === undefined ? [] : ['-startdate', options.from]),
      ...(options.until === undefined ? ['-days', '1'] : ['-enddate', options.until]),
    ];
    const ca = [
      '-batch',
      '-notext',
      '-rand_serial',
      '-md',
      'sha256',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-outdir',
      '.',
    ];
    run(
      this.folder,
      'ca',
      '-config',
      'ca.cnf',
      ...ca,
      ...period,
      '-extfile',
      `${name}.ext`,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
    );
    return this.#pair(name);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #newKey(name: string, rsa: boolean): string {
    const kind = rsa
      ? ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048']
      : ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    run(this.folder, 'genpkey', '-out', `${name}.key`, '-algorithm', ...kind);
    return `${name}.key`;
  }

  #pair(name: string): Pair {
    const [keyFile, certificateFile] = [join(this.folder, `${name}.key`), join(this.folder, `${name}.pem`)];
    return {
      keyFile,
      certificateFile,
      key: readFileSync(keyFile, 'utf8'),
      certificate: readFileSync(certificateFile, 'utf8'),
    };
  }
}
