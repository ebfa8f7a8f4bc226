import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { namedValues, SecretRemover } from '../../../src/failures/redact-secrets.ts';
import { plantedSecret, secretKinds } from '../../samples/planted-secrets.ts';

const remover = new SecretRemover([]);

describe('the secrets of a text', () => {
  test.each(secretKinds)('are removed without being known before: %s', (_, write) => {
    fc.assert(
      fc.property(plantedSecret, fc.string(), fc.string(), (secret, before, after) => {
        const clean = remover.cleanOrNothing(`${before}\n${write(secret)}\n${after}`);
        expect(clean ?? '').not.toContain(secret);
      }),
      { numRuns: 50 },
    );
  });

  it('are removed by value wherever they stand, also encoded, if the machine or the spec has them', () => {
    fc.assert(
      fc.property(plantedSecret, (secret) => {
        const base64 = Buffer.from(secret).toString('base64');
        const text = `it printed ${secret}, %${encodeURIComponent(secret)}% and ${base64}.`;
        const clean = new SecretRemover([secret]).clean(text);
        expect(clean).not.toContain(secret);
        expect(clean).not.toContain(base64);
      }),
      { numRuns: 50 },
    );
  });

  it('of a private key are removed if its end or its beginning is not in the text', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
    const body = Array.from({ length: 6 }, () => line).join('\n');
    const head = '-----BEGIN PRIVATE KEY-----';
    const end = '-----END PRIVATE KEY-----';
    expect(remover.clean(`log\n${head}\n${body}`)).toBe('log\n***');
    expect(remover.clean(`${body}\n${end}\nlog`)).toBe('***\nlog');
    expect(remover.clean(`log\n${head}\n${body}\n${end}\nlog`)).toBe('log\n***\nlog');
  });

  it('that are short are removed only as whole words', () => {
    const short = new SecretRemover(['ubuntu', 'abc']);
    expect(short.clean('login ubuntu on ubuntu-keyring-ubuntu2; abc')).toBe(
      'login *** on ***-keyring-ubuntu2; abc',
    );
  });
});

describe('what is not a secret', () => {
  it('stays: lines of logs, paths, versions, names of checks', () => {
    for (const line of [
      'verify  master  no password and no key in the image  2.1 s',
      'the root hash is f8c365d6f2abcddf2064647741aa5c56b6b8056077329636d89762224a567895',
      'Setting up passwd (1:4.13+dfsg1-1+b1) ...',
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKXvNpaqCCzeWqwZdfI3V4 ops@example.org',
      'http://mirror.example.org/debian bookworm InRelease',
      'Accepted publickey for root from 10.0.2.2 port 38982 ssh2: ED25519 SHA256:KXvNpaqCCzeWqw',
    ])
      expect(remover.cleanOrNothing(line)).toBe(line);
  });

  it('is known by its name only if it is a value: a path or a short word is not', () => {
    expect(namedValues('password: hunter2hunter2\nsecret: /etc/mesos/secret\ntoken: yes\n')).toEqual([
      'hunter2hunter2',
    ]);
  });
});
