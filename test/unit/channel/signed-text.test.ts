import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { pointerOf, pointerType } from '../../../src/channel/channel-pointer.ts';
import { isReason } from '../../../src/channel/reason.ts';
import { revocationsType } from '../../../src/channel/revocation-list.ts';
import { readSignedText, signedText } from '../../../src/channel/signed-text.ts';
import { keySigner } from '../../../src/version/signer.ts';

const signer = () => keySigner(generateKeyPairSync('ed25519').privateKey);

const pointer = {
  schema: 1,
  channel: 'stable',
  counter: 3,
  cluster: 'demo',
  issuedOn: '2026-11-30T08:00:00.000Z',
  expiresOn: '2026-12-30T08:00:00.000Z',
  versions: { slave: { version: '20261129-da63c7305a75', rootHash: 'a'.repeat(64) } },
  revocations: 0,
  allowed: [],
};

test('a signed pointer is read with its key, and with no other', async () => {
  const [own, other] = [signer(), signer()];
  const text = await signedText(pointer, pointerType, own);
  const read = readSignedText(text, pointerType, [other.publicKey, own.publicKey]);
  expect(read).toMatchObject({ value: pointer, signedBy: own.keyId });
  expect(readSignedText(text, pointerType, [other.publicKey])).toMatchObject({
    why: expect.stringContaining('is not signed by key') as string,
  });
  expect(readSignedText(text, pointerType, [])).toHaveProperty('why');
});

test('a pointer that was changed after it was signed is refused', async () => {
  const own = signer();
  const text = await signedText(pointer, pointerType, own);
  const envelope = JSON.parse(text) as { payload: string };
  const payload = Buffer.from(envelope.payload, 'base64').toString().replace('"counter": 3', '"counter": 9');
  const changed = `${JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') })}\n`;
  expect(changed).not.toBe(text);
  expect(readSignedText(changed, pointerType, [own.publicKey])).toMatchObject({
    why: expect.stringContaining('has a bad signature') as string,
  });
});

test('a signature of something else with the same key is not one of a pointer', async () => {
  const own = signer();
  const list = await signedText({ schema: 1, counter: 1 }, revocationsType, own);
  expect(readSignedText(list, pointerType, [own.publicKey])).toHaveProperty('why');
});

test.each([
  { counter: 0 },
  { counter: 1.5 },
  { channel: 'nightly' },
  { expiresOn: 'never' },
  { versions: { slave: { version: '../../etc', rootHash: 'a'.repeat(64) } } },
  { versions: { router: pointer.versions.slave } },
  { rollout: { versions: {}, percent: 100, settled: 0, salt: 'x', inventory: 'a'.repeat(64) } },
  { more: 1 },
])('a pointer with %j is not one', (changed) => {
  expect(pointerOf(pointer)).toEqual(pointer);
  expect(pointerOf({ ...pointer, ...changed })).toBeUndefined();
});

test('a reason is one line that a terminal can show', () => {
  expect(isReason('the agent leaks memory: CVE-2026-1')).toBe(true);
  for (const text of ['', 'two\nlines', '\u{1b}[2J', 'x'.repeat(501)]) expect(isReason(text)).toBe(false);
});
