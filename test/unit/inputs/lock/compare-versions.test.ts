import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions } from '../../../../src/inputs/lock/compare-versions.ts';

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
  expect(compareVersions(older, newer)).toBeLessThan(0);
  expect(compareVersions(newer, older)).toBeGreaterThan(0);
});

test.each([
  ['1.0', '0:1.0'],
  ['1.0', '1.00'],
  ['1.0', '1.0-0'],
])('%s and %s are the same version', (left, right) => {
  expect(compareVersions(left, right)).toBe(0);
});

test('versions have one order: reversed and transitive', () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
      const [x, y, z] = [a, b, c].sort(compareVersions) as [string, string, string];
      expect(compareVersions(x, y)).toBeLessThanOrEqual(0);
      expect(compareVersions(x, z)).toBeLessThanOrEqual(0);
      expect(compareVersions(y, z)).toBeLessThanOrEqual(0);
    }),
  );
});
