import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  keyAlgorithm,
  keyId,
  newKeyPair,
  parsePrivateKey,
  parsePublicKey,
} from '../../../src/version/keys.ts';
import { ingotErrorOf } from '../../samples/spec.ts';

const pair = newKeyPair();
const p256 = newKeyPair('ecdsa-p256');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });

test.each([
  ['ed25519', pair],
  ['ecdsa-p256', p256],
])('both halves of a key have one id and one kind: %s', (kind, { privatePem, publicPem, keyid }) => {
  const [secret, open] = [parsePrivateKey(privatePem, 'a'), parsePublicKey(publicPem, 'b')];
  expect([keyId(secret), keyId(open)]).toEqual([keyid, keyid]);
  expect([keyAlgorithm(secret), keyAlgorithm(open)]).toEqual([kind, kind]);
});

test('a private key of openssl ecparam (SEC 1) is read as well', () => {
  const sec1 = createPrivateKey(p256.privatePem).export({ type: 'sec1', format: 'pem' }).toString();
  expect(keyId(parsePrivateKey(sec1, 'a'))).toBe(p256.keyid);
});

test.each([
  ['text', 'no key', 'does not contain a readable private key'],
  ['a public key', pair.publicPem, 'does not contain a readable private key'],
  ['half a key', pair.privatePem.slice(0, 60), 'does not contain a readable private key'],
  [
    'a key of another type',
    ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'of the type ec (secp384r1), not ed25519 or ECDSA P-256',
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
