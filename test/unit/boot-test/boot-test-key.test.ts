import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireBootTestKey, requireBootTestKeyOf } from '../../../src/boot-test/boot-test-key.ts';
import { newKeyPair } from '../../../src/version/keys.ts';
import { keySigner } from '../../../src/version/signer.ts';

const [trusted, unknown] = [newKeyPair(), newKeyPair()];
const [key, other] = [trusted, unknown].map(({ privatePem }) => keySigner(createPrivateKey(privatePem)));
const path = '/usr/lib/ingot/seed-keys/seed.pem';
const files = [
  { path: '/etc/motd', mode: '0644', content: 'hello' },
  { path, mode: '0644', content: trusted.publicPem },
];

describe('a bake of images that trust only signed seeds', () => {
  it('does not begin without a key that they trust, because its boot test would be refused', () => {
    expect(() => {
      requireBootTestKey(files, undefined);
    }).toThrow('the boot test before publishing needs a signed seed');
    expect(() => {
      requireBootTestKey(files, other);
    }).toThrow('is not one of seed.keys');
    requireBootTestKey(files, key);
  });

  it('needs no key if the images trust every seed', () => {
    requireBootTestKey(files.slice(0, 1), undefined);
    requireBootTestKey(files.slice(0, 1), other);
  });
});

describe('a version that is booted again', () => {
  let folder = '';
  const sha256 = createHash('sha256').update(trusted.publicPem).digest('hex');
  const manifest = (entries: readonly object[]): void => {
    const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
    writeFileSync(join(folder, 'manifest.json'), `{"schema":1,"entries":[\n${lines}\n]}\n`);
  };
  const folders = { path: '/usr/lib/ingot/seed-keys', type: 'directory' };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ingot-proof-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('shows in its manifest whose seeds it trusts', async () => {
    manifest([folders, { path, type: 'file', sha256 }]);
    await requireBootTestKeyOf(folder, key);
    await expect(requireBootTestKeyOf(folder, undefined)).rejects.toThrow(
      'no key was given to sign the seed with',
    );
    await expect(requireBootTestKeyOf(folder, other)).rejects.toThrow('is not one of its keys');
  });

  it('needs no key if it has no seed keys', async () => {
    manifest([{ path: '/etc/motd', type: 'file', sha256 }]);
    await requireBootTestKeyOf(folder, undefined);
  });
});
