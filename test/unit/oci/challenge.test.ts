import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseChallenges } from '../../../src/oci/challenge.ts';

test('a demand for a token, for a password, and for one of both', () => {
  const bearer =
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"';
  const token = {
    scheme: 'bearer',
    parameters: {
      realm: 'https://auth.example/token',
      service: 'registry.example',
      scope: 'repository:a/b:pull,push',
    },
  };
  expect(parseChallenges(bearer)).toEqual([token]);
  expect(parseChallenges('Basic realm="it says \\"hello\\", and more"')).toEqual([
    { scheme: 'basic', parameters: { realm: 'it says "hello", and more' } },
  ]);
  expect(parseChallenges(`Basic realm=x, ${bearer}`)).toEqual([
    { scheme: 'basic', parameters: { realm: 'x' } },
    token,
  ]);
  expect(parseChallenges('Negotiate, Basic realm="x"').map(({ scheme }) => scheme)).toEqual([
    'negotiate',
    'basic',
  ]);
});

test('any text ends in a list, and quoted values come back as they were', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(Array.isArray(parseChallenges(text))).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (value) => {
      const header = `Bearer realm="${value.replaceAll(/["\\]/g, '\\$&')}", service=x`;
      expect(parseChallenges(header)).toEqual([
        { scheme: 'bearer', parameters: { realm: value, service: 'x' } },
      ]);
    }),
  );
});
