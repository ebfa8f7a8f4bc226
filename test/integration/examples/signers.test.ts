import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { isSignature } from '../../../src/version/keys.ts';
import { programSigner } from '../../../src/version/signer-program.ts';
import { rejection } from '../../samples/temporary.ts';

const program = fileURLToPath(new URL('../../../examples/signers/pkcs11', import.meta.url));
const module = '/usr/lib/softhsm/libsofthsm2.so';
const pin = '98127634';
let folder: string;
let env: Record<string, string>;

// A token of SoftHSM: its key is made in it, and cannot be read from it.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-token-'));
  mkdirSync(join(folder, 'tokens'));
  writeFileSync(
    join(folder, 'softhsm2.conf'),
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`,
  );
  env = {
    PATH: process.env['PATH'] ?? '',
    SOFTHSM2_CONF: join(folder, 'softhsm2.conf'),
    ...{ PKCS11_MODULE: module, PKCS11_TOKEN: 'release', PKCS11_KEY: 'ingot', PKCS11_PIN: pin },
  };
  const run = (name: string, ...args: string[]) => execFileSync(name, args, { env, stdio: 'pipe' });
  run('softhsm2-util', '--init-token', '--free', '--label', 'release', '--pin', pin, '--so-pin', '55667788');
  run(
    'pkcs11-tool',
    ...['--module', module, '--token-label', 'release', '--login', '--pin', pin],
    ...['--keypairgen', '--key-type', 'EC:prime256v1', '--id', '01', '--label', 'ingot'],
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const signerWith = (more: Readonly<Record<string, string>> = {}) =>
  programSigner(makeHost(), { command: program, cwd: folder, env: { ...env, ...more } });

describe('examples/signers/pkcs11', () => {
  it('signs with a key that never leaves its token', async () => {
    const signer = await signerWith();
    expect(signer.algorithm).toBe('ecdsa-p256');
    for (let one = 0; one < 3; one += 1) {
      const payload = Buffer.from(`payload ${one}`);
      expect(isSignature(signer.publicKey, payload, await signer.sign(payload))).toBe(true);
    }
  });

  it('reports a wrong PIN and a missing key, without the PIN', async () => {
    const wrong = await signerWith({ PKCS11_PIN: '11112222' });
    const error = await rejection(wrong.sign(Buffer.from('x')));
    expect(error.code).toBe('signer-failed');
    expect(JSON.stringify([error.message, error.excerpt, error.hint])).not.toContain('11112222');
    expect((await rejection(signerWith({ PKCS11_KEY: 'other' }))).code).toMatch(/signer-failed|wrong-key/);
  });
});
