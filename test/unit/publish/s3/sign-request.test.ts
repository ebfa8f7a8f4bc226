import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeKey, encodeStrict, queryOf, signRequest } from '../../../../src/publish/s3/sign-request.ts';

// The key and the examples of the Amazon S3 API Reference, "Signature Calculations for the Authorization Header".
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const scope = { region: 'us-east-1', now: Date.UTC(2013, 4, 24) };
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const bucket = 'https://examplebucket.s3.amazonaws.com';

test.each([
  [
    'GET of an object with a range',
    { method: 'GET', url: new URL(`${bucket}/test.txt`), headers: { range: 'bytes=0-9' }, bodySha256: empty },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'PUT of an object',
    {
      method: 'PUT',
      url: new URL(`${bucket}/test%24file.text`),
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      bodySha256: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [
    'GET of a bucket with an empty parameter',
    { method: 'GET', url: new URL(`${bucket}/?lifecycle=`), headers: {}, bodySha256: empty },
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  ],
  [
    'GET of a list with parameters',
    { method: 'GET', url: new URL(`${bucket}/?max-keys=2&prefix=J`), headers: {}, bodySha256: empty },
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
] as const)('%s has the signature of the API reference', (_, request, signature) => {
  const { authorization } = signRequest(request, credentials, scope);
  expect(authorization).toContain('Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request');
  expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
});

test('a session token is sent and signed', () => {
  const url = new URL(`${bucket}/x`);
  const signed = signRequest(
    { method: 'GET', url, headers: {}, bodySha256: empty },
    { ...credentials, sessionToken: 'token' },
    scope,
  );
  expect(signed['x-amz-security-token']).toBe('token');
  expect(signed['authorization']).toContain(
    'SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,',
  );
});

test('the secret is in no header', () => {
  const signed = signRequest(
    { method: 'PUT', url: new URL(`${bucket}/x`), headers: {}, bodySha256: empty },
    credentials,
    scope,
  );
  expect(JSON.stringify(signed)).not.toContain(credentials.secretAccessKey);
});

test('any key and any query survive the way through a URL unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (name, value) => {
      expect(decodeURIComponent(encodeStrict(name))).toBe(name);
      const url = new URL('https://h/');
      url.search = queryOf({ [`a${name}`]: value, b: '' });
      expect(url.search.slice(1)).toBe(queryOf({ [`a${name}`]: value, b: '' }));
      const key = `x${name.replaceAll('/', '')}/y`;
      expect(new URL(`https://h/${encodeKey(key)}`).pathname).toBe(`/${encodeKey(key)}`);
    }),
  );
});
