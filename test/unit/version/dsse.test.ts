import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  envelopeText,
  hasPayload,
  parseEnvelope,
  preAuthEncoding,
  signedEnvelope,
  wrongSignature,
} from '../../../src/version/dsse.ts';
import { type KeyAlgorithm, newKeyPair } from '../../../src/version/keys.ts';
import { keySigner } from '../../../src/version/signer.ts';

function newKey(kind: KeyAlgorithm) {
  const { privatePem, publicPem, keyid } = newKeyPair(kind);
  return { secret: keySigner(createPrivateKey(privatePem)), open: createPublicKey(publicPem), keyid };
}
const payload = Buffer.from(`${'a'.repeat(64)}  root.squashfs\n`);

test('the signed bytes are the encoding of the DSSE protocol: type and payload with their lengths in bytes', () => {
  expect(preAuthEncoding(Buffer.from('é')).toString()).toBe('DSSEv1 32 application/vnd.ingot.sha256sums 2 é');
});

describe.each<KeyAlgorithm>(['ed25519', 'ecdsa-p256'])('an envelope signed by %s', (kind) => {
  const key = newKey(kind);

  test('is accepted with the public half, and has its id', async () => {
    const envelope = await signedEnvelope(payload, key.secret);
    const read = parseEnvelope(envelopeText(envelope));
    expect(read).toEqual(envelope);
    expect(hasPayload(envelope, payload)).toBe(true);
    expect(wrongSignature(envelope, key.open)).toBeUndefined();
    expect(envelope.signatures[0]?.keyid).toBe(key.keyid);
  });

  test('is not accepted with another key, and reports who signed', async () => {
    const envelope = await signedEnvelope(payload, newKey(kind).secret);
    expect(wrongSignature(envelope, key.open)).toContain('is not signed by key');
  });

  test('keeps the signatures of other keys, of either kind', async () => {
    for (const other of [newKey('ed25519'), newKey('ecdsa-p256')]) {
      const both = await signedEnvelope(payload, key.secret, await signedEnvelope(payload, other.secret));
      expect(wrongSignature(both, key.open)).toBeUndefined();
      expect(wrongSignature(both, other.open)).toBeUndefined();
    }
  });

  test('is refused if any byte of it changes', async () => {
    const bytes = Buffer.from(envelopeText(await signedEnvelope(payload, key.secret)));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ flip;
        const envelope = parseEnvelope(altered.toString());
        const accepted =
          envelope !== undefined &&
          hasPayload(envelope, payload) &&
          wrongSignature(envelope, key.open) === undefined;
        expect(accepted).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

test('the same bytes and the same ed25519 key give the same envelope', async () => {
  const { secret } = newKey('ed25519');
  const [one, two] = [await signedEnvelope(payload, secret), await signedEnvelope(payload, secret)];
  expect(envelopeText(one)).toBe(envelopeText(two));
});
