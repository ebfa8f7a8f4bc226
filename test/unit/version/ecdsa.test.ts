import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ecdsaDer } from '../../../src/version/ecdsa.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

test('the signature of a token (r and s) becomes the one in DER that everybody verifies', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (message) => {
      const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verify('sha256', message, publicKey, ecdsaDer(raw))).toBe(true);
    }),
  );
});

test('a signature that is in DER already stays as it is', () => {
  for (let one = 0; one < 50; one += 1) {
    const der = sign('sha256', Buffer.of(one), privateKey);
    expect(ecdsaDer(der)).toEqual(der);
  }
});

test('numbers that begin with zeros are as short as DER wants them', () => {
  const raw = Buffer.concat([Buffer.alloc(31), Buffer.of(5), Buffer.alloc(30), Buffer.of(0x80, 1)]);
  expect(ecdsaDer(raw).toString('hex')).toBe('3008020105020300800' + '1');
});
