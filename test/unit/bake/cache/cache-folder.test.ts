import { expect, test } from 'vitest';
import { bytesOf, cacheBound, defaultCache } from '../../../../src/bake/cache/cache-folder.ts';

test('the cache is where the environment says, otherwise in the cache folder of the user', () => {
  expect(defaultCache({ INGOT_CACHE: '/srv/stages', HOME: '/root' })).toBe('/srv/stages');
  expect(defaultCache({ XDG_CACHE_HOME: '/var/cache', HOME: '/root' })).toBe('/var/cache/ingot/stages');
  expect(defaultCache({ INGOT_CACHE: '', XDG_CACHE_HOME: 'relative', HOME: '/root' })).toBe(
    '/root/.cache/ingot/stages',
  );
});

test('a size is a number with its unit', () => {
  expect(bytesOf('20GiB', 'it')).toBe(20 * 1024 ** 3);
  expect(bytesOf('1.5 MiB', 'it')).toBe(1.5 * 1024 ** 2);
  expect(bytesOf('0', 'it')).toBe(0);
  for (const wrong of ['', '20GB', '-1', 'much', '1e9'])
    expect(() => bytesOf(wrong, '--max-size'), wrong).toThrow(`--max-size is "${wrong}"`);
});

test('the default size limit of the cache is 20 GiB', () => {
  expect(cacheBound({})).toBe(20 * 1024 ** 3);
  expect(cacheBound({ INGOT_CACHE_SIZE: '2GiB' })).toBe(2 * 1024 ** 3);
  expect(() => cacheBound({ INGOT_CACHE_SIZE: 'big' })).toThrow('INGOT_CACHE_SIZE is "big"');
});
