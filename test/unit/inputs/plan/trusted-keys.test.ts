import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { trustedKeys } from '../../../../src/inputs/plan/trusted-keys.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

const spki = { type: 'spki', format: 'pem' } as const;
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const pem = publicKey.export(spki).toString();

it('keys of the spec are on the node under their file names', () => {
  const contents = new Map([
    ['keys/release.pub.pem', pem],
    ['../backup.pem', pem],
  ]);
  expect(trustedKeys('updates.keys', [...contents.keys()], contents)).toEqual([
    { path: '/usr/lib/ingot/update-keys/backup.pem', mode: '0644', content: pem },
    { path: '/usr/lib/ingot/update-keys/release.pem', mode: '0644', content: pem },
  ]);
});

it('text around the key in its file does not reach the node', () => {
  const [placed] = trustedKeys(
    'updates.keys',
    ['a.pem'],
    new Map([['a.pem', `notes of the holder\n${pem}\nmore notes\n`]]),
  );
  expect(placed?.content).toBe(pem);
});

it.each([
  ['a private key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'is a private key'],
  ['text', 'ssh-ed25519 AAAA', 'no public key in PEM'],
  ['nothing', '', 'no public key in PEM'],
  [
    'a key of another kind',
    generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export(spki).toString(),
    'of the kind ec, not ed25519 or ECDSA P-256',
  ],
])('a file with %s is refused, and not shown', (_, text, reason) => {
  const error = ingotErrorOf(() =>
    trustedKeys('updates.keys', ['keys/x.pem'], new Map([['keys/x.pem', text]])),
  );
  expect(error.code).toBe('wrong-key');
  expect(error.message).toContain('keys/x.pem');
  expect(error.message).toContain(reason);
  expect(error.message).not.toContain('BEGIN');
});

it('two keys with one name are refused, and a name that is not a safe file name', () => {
  const contents = new Map([
    ['a/release.pem', pem],
    ['b/release.pub.pem', pem],
    ['keys/my key.pem', pem],
  ]);
  expect(
    ingotErrorOf(() => trustedKeys('updates.keys', ['a/release.pem', 'b/release.pub.pem'], contents)).message,
  ).toContain('another key is called release');
  expect(ingotErrorOf(() => trustedKeys('updates.keys', ['keys/my key.pem'], contents)).message).toContain(
    'whose name',
  );
});

it('seed keys are in their own folder, and are named by their place in the spec', () => {
  const contents = new Map([['seed.pub.pem', pem]]);
  expect(trustedKeys('seed.keys', ['seed.pub.pem'], contents)).toEqual([
    { path: '/usr/lib/ingot/seed-keys/seed.pem', mode: '0644', content: pem },
  ]);
  expect(ingotErrorOf(() => trustedKeys('seed.keys', ['a'], new Map([['a', '']]))).message).toContain(
    'seed.keys names a,',
  );
});
