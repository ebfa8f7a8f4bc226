import { expect, test } from 'vitest';
import type { Place } from '../../../src/publish/place.ts';
import { placeOf } from '../../../src/publish/places.ts';

const place = (scheme: string, example: string): Place => ({
  scheme,
  example,
  publish: () => Promise.reject(new Error('not used')),
});
const known = [place('oci', 'oci://registry.example/ingot/demo'), place('', '/srv/boot')];

test('the kind of a place follows from what its address begins with; a path is a folder', () => {
  expect(placeOf('oci://registry.example/x:y', known)).toBe(known[0]);
  for (const path of ['/srv/boot', 'boot', './a:b', 'C://x']) expect(placeOf(path, known)).toBe(known[1]);
});

test('an address of no kind is refused with an example of each kind', () => {
  expect(() => placeOf('ftp://a/b', known)).toThrow(
    expect.objectContaining({
      code: 'wrong-usage',
      message: 'ftp://a/b is not a place that versions are published to',
      hint: 'name one such as oci://registry.example/ingot/demo, /srv/boot',
    }),
  );
});
