import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDebianVersions } from '../../../../src/inputs/lock/compare-versions.ts';

const version = fc.stringMatching(/^(?:[0-9]:)?[0-9][a-zA-Z0-9.+~]{0,6}(?:-[a-zA-Z0-9.+~]{1,4})?$/);

test.each([
  ['1.0', '1.0.1'],
  ['1.0~rc1', '1.0'],
  ['1.0~~', '1.0~'],
  ['1.9', '1.10'],
  ['9.0', '1:0.1'],
  ['1.0-1', '1.0-1+deb12u1'],
  ['1.0-1+b1', '1.0-1+b2'],
  ['1.0a', '1.0+'],
  ['2.36-9+deb12u9', '2.36-9+deb12u10'],
])('%s is older than %s', (older, newer) => {
  expect(compareDebianVersions(older, newer)).toBeLessThan(0);
  expect(compareDebianVersions(newer, older)).toBeGreaterThan(0);
});

test.each([
  ['1.0', '0:1.0'],
  ['1.0', '1.00'],
  ['1.0', '1.0-0'],
])('%s and %s are the same version', (left, right) => {
  expect(compareDebianVersions(left, right)).toBe(0);
});

test('versions have one order: reversed and transitive', () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareDebianVersions(a, b))).toBe(0 - Math.sign(compareDebianVersions(b, a)));
      const [x, y, z] = [a, b, c].sort(compareDebianVersions) as [string, string, string];
      expect(compareDebianVersions(x, y)).toBeLessThanOrEqual(0);
      expect(compareDebianVersions(x, z)).toBeLessThanOrEqual(0);
      expect(compareDebianVersions(y, z)).toBeLessThanOrEqual(0);
    }),
  );
});
