import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialKindsIn, hasPrivateKey, isDerKey } from '../../../../src/bake/seal/secret-text.ts';

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const body = `${'Ab1+'.repeat(16)}\n`;

describe('a private key', () => {
  it.each([
    ['PKCS#8', pem],
    [
      'an encrypted one',
      `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${body}-----END`,
    ],
    [
      'PGP',
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${body}=abcd\n-----END PGP PRIVATE KEY BLOCK-----`,
    ],
    ['in a program', `k = "${pem.replaceAll('\n', '\\n" +\n  "').replaceAll('" +\n  "', '')}"`],
    ['with Windows line ends', pem.replaceAll('\n', '\r\n')],
    ['indented in YAML', `key: |\n  ${pem.replaceAll('\n', '\n  ')}`],
    ['that is cut off', `-----BEGIN PRIVATE KEY-----\n${body.repeat(5)}`],
    ['of PuTTY', `PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\nx\nPrivate-Lines: 1\n${body}`],
    ['of minisign', `untrusted comment: minisign encrypted secret key\n${body}`],
  ])('is found: %s', (_, text) => {
    expect(hasPrivateKey(text)).toBe(true);
  });

  it.each([
    [
      'a heading in a program',
      'if (line == "-----BEGIN PRIVATE KEY-----") return; "-----END PRIVATE KEY-----"',
    ],
    ['a heading among other bytes', '-----BEGIN PRIVATE KEY-----\0\0\0-----END PRIVATE KEY-----\0'],
    [
      'an example',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIBxwIBAAJhAKD0YSHy73nUgysO13XsJmd4fHiFyQ+00R7VVu2iV9Qco\n...\n-----END RSA PRIVATE KEY-----',
    ],
    ['a public key', pem.replaceAll('PRIVATE', 'PUBLIC')],
    ['a public key of minisign', `untrusted comment: minisign public key\n${body}`],
  ])('is not %s', (_, text) => {
    expect(hasPrivateKey(text)).toBe(false);
  });

  it.each(['rsa', 'ed25519'])('is found in DER: %s', (type) => {
    const options = { modulusLength: 2048 };
    const { privateKey, publicKey } = generateKeyPairSync(type as 'rsa', options);
    expect(isDerKey(privateKey.export({ type: 'pkcs8', format: 'der' }))).toBe(true);
    expect(isDerKey(publicKey.export({ type: 'spki', format: 'der' }))).toBe(false);
  });

  it('is found in a time that is proportional to the length of the text', () => {
    const begun = performance.now();
    for (const piece of [
      '-----BEGIN PRIVATE KEY-----',
      'PuTTY-User-Key-File-1: ',
      '\n',
      '"auths"',
      'a://b:',
      ' \t#',
    ])
      for (const run of [hasPrivateKey, (text: string) => credentialKindsIn('/etc/apt/auth.conf', text)])
        run(piece.repeat(Math.floor(40_960 / piece.length)));
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('a credential', () => {
  it('is not a placeholder in an example', () => {
    for (const text of [
      'http://user:password@host',
      'http://$USER:$PASSWORD@host',
      '[http|https]://[user:[pass]]@host:port/',
      'aws_access_key_id = AKIAIOSFODNN7EXAMPLE',
      'root:!:1::',
      'root:*:1::',
      '# machine x password y',
    ])
      expect(credentialKindsIn('/etc/x', text)).toEqual([]);
    expect(credentialKindsIn('/usr/share/x', 'http://joe:hunter2@host')).toEqual([]);
  });

  it('never makes the search fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) =>
        Array.isArray(credentialKindsIn('/etc/x', text)),
      ),
    );
  });
});
