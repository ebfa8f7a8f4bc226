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
import { keyId, newKeyPair } from '../../../src/version/keys.ts';

function newKey() {
  const { privatePem, publicPem, keyid } = newKeyPair();
  return { secret: createPrivateKey(privatePem), open: createPublicKey(publicPem), keyid };
}
const key = newKey();
const payload = Buffer.from(`${'a'.repeat(64)}  root.squashfs\n`);

test('the signed bytes are the encoding of the DSSE protocol: type and payload with their lengths in bytes', () => {
  expect(preAuthEncoding(Buffer.from('é')).toString()).toBe('DSSEv1 32 application/vnd.ingot.sha256sums 2 é');
});

describe('an envelope', () => {
  test('is the same for the same bytes and the same key, and is accepted with the public half', () => {
    const envelope = signedEnvelope(payload, key.secret);
    expect(envelopeText(signedEnvelope(payload, key.secret))).toBe(envelopeText(envelope));
    const read = parseEnvelope(envelopeText(envelope));
    expect(read).toEqual(envelope);
    expect(hasPayload(envelope, payload)).toBe(true);
    expect(wrongSignature(envelope, key.open)).toBeUndefined();
    expect(envelope.signatures[0]?.keyid).toBe(keyId(key.open));
  });

  test('is not accepted with another key, and reports who signed', () => {
    const envelope = signedEnvelope(payload, newKey().secret);
    expect(wrongSignature(envelope, key.open)).toContain('is not signed by key');
  });

  test('keeps the signatures of other keys', () => {
    const other = newKey();
    const both = signedEnvelope(payload, key.secret, signedEnvelope(payload, other.secret));
    expect(wrongSignature(both, key.open)).toBeUndefined();
    expect(wrongSignature(both, other.open)).toBeUndefined();
  });

  test('is refused if any byte of it changes', () => {
    const bytes = Buffer.from(envelopeText(signedEnvelope(payload, key.secret)));
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
