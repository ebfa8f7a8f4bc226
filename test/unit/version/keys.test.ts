import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { keyId, newKeyPair, parsePrivateKey, parsePublicKey } from '../../../src/version/keys.ts';
import { ingotErrorOf } from '../../samples/spec.ts';

const pair = newKeyPair();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test('both halves of a key have one id', () => {
  expect(keyId(parsePrivateKey(pair.privatePem, 'a'))).toBe(pair.keyid);
  expect(keyId(parsePublicKey(pair.publicPem, 'b'))).toBe(pair.keyid);
});

test.each([
  ['text', 'no key', 'does not contain a readable private key'],
  ['a public key', pair.publicPem, 'does not contain a readable private key'],
  ['half a key', pair.privatePem.slice(0, 60), 'does not contain a readable private key'],
  [
    'a key of another type',
    ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'of the type ec',
  ],
])('%s is refused as a signing key, and not shown', (_, text, reason) => {
  const error = ingotErrorOf(() => parsePrivateKey(text, 'INGOT_SIGNING_KEY'));
  expect(error.code).toBe('wrong-key');
  expect(error.message).toContain('INGOT_SIGNING_KEY');
  expect(error.message).toContain(reason);
  expect(error.cause).toBeUndefined();
  expect(error.message).not.toContain(text.slice(0, 20));
});

test('a private key is refused where a public one is expected', () => {
  expect(ingotErrorOf(() => parsePublicKey(pair.privatePem, 'x.pem')).message).toBe('x.pem is a private key');
});
