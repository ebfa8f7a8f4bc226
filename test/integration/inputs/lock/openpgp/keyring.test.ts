import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Keyring, readKeyring } from '../../../../../src/inputs/lock/openpgp/keyring.ts';

let home: string;
let armoured: string;
let binary: Buffer;
let secret: string;
let fingerprints: string[];

const gpg = (...args: string[]): Buffer =>
  execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'ingot-gpg-'));
  gpg('--quick-gen-key', 'one <one@example.org>', 'ed25519', 'sign', 'never');
  gpg(
    '--faked-system-time',
    '20250101T000000',
    '--quick-gen-key',
    'old <old@example.org>',
    'ed25519',
    'sign',
    '1y',
  );
  armoured = gpg('--armor', '--export').toString('latin1');
  binary = gpg('--export');
  secret = gpg('--armor', '--export-secret-keys', 'one@example.org').toString('latin1');
  fingerprints = [
    ...gpg('--with-colons', '-k')
      .toString()
      .matchAll(/^fpr:+([0-9A-F]+):/gm),
  ].map(([, print = '']) => print);
});
afterAll(() => {
  execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
  rmSync(home, { recursive: true, force: true });
});

describe('keys are read in any format, each with its fingerprint and its expiry date', () => {
  test.each([
    ['armoured', () => Buffer.from(armoured)],
    ['binary', () => binary],
    ['with Windows line ends', () => Buffer.from(armoured.replaceAll('\n', '\r\n'))],
    ['with a byte order mark', () => Buffer.from(`\ufeff${armoured}`)],
    ['in UTF-16, as PowerShell writes it', () => Buffer.from(`\ufeff${armoured}`, 'utf16le')],
    [
      'as two blocks with text around them',
      () =>
        Buffer.concat(
          ['one', 'old'].map((who) =>
            Buffer.from(`${who}:\n${gpg('--armor', '--export', `${who}@example.org`).toString()}`),
          ),
        ),
    ],
  ])('%s', (_, bytes) => {
    const { keys, binary: read } = readKeyring(bytes()) as Keyring;
    expect(keys.map(({ fingerprint }) => fingerprint)).toEqual(fingerprints);
    expect(keys.map(({ expires }) => expires?.toISOString().slice(0, 10))).toEqual([undefined, '2026-01-01']);
    expect(read.equals(binary)).toBe(true);
  });

  test('a revoked key', () => {
    const revocation = join(home, 'openpgp-revocs.d', `${fingerprints[1] ?? ''}.rev`);
    execFileSync(
      'sh',
      ['-c', `sed 's/^:---/---/' "$1" | gpg --homedir "$2" --batch --quiet --import`, 'sh', revocation, home],
      { stdio: 'ignore' },
    );
    const { keys } = readKeyring(gpg('--export')) as Keyring;
    expect(keys.map(({ revoked }) => revoked)).toEqual([false, true]);
  });
});

describe('a file that is not a key is reported as what it is', () => {
  test.each([
    ['nothing', () => '', 'is empty'],
    ['a page', () => '<!DOCTYPE html><title>404</title>', 'is an HTML page, not a key'],
    ['a private key', () => secret, 'holds a private key, which must stay where it signs'],
    ['a certificate', () => '-----BEGIN CERTIFICATE-----\n', 'holds a certificate, not an OpenPGP key'],
    ['a signature', () => '-----BEGIN PGP SIGNATURE-----\n', 'holds a PGP signature, not an OpenPGP key'],
    ['text', () => 'ssh-ed25519 AAAA', 'holds no OpenPGP key'],
    ['the beginning of a key', () => armoured.slice(0, 200), 'ends in the middle of an armoured key'],
  ])('%s', (_, text, why) => {
    expect(readKeyring(Buffer.from(text()))).toMatchObject({ why });
  });

  test('a binary key that is cut off', () => {
    expect(readKeyring(binary.subarray(0, 30))).toMatchObject({
      why: 'ends in the middle of a key, or is damaged',
    });
  });
});
