import { expect, test } from 'vitest';
import { cacheSizeLimit, defaultCache, parseSize } from '../../../../src/bake/cache/cache-folder.ts';

test('the cache is where the environment says, otherwise in the cache folder of the user', () => {
  expect(defaultCache({ INGOT_CACHE: '/srv/stages', HOME: '/root' })).toBe('/srv/stages');
  expect(defaultCache({ XDG_CACHE_HOME: '/var/cache', HOME: '/root' })).toBe('/var/cache/ingot/stages');
  expect(defaultCache({ INGOT_CACHE: '', XDG_CACHE_HOME: 'relative', HOME: '/root' })).toBe(
    '/root/.cache/ingot/stages',
  );
});

test('a size is a number with its unit', () => {
  expect(parseSize('20GiB', 'it')).toBe(20 * 1024 ** 3);
  expect(parseSize('1.5 MiB', 'it')).toBe(1.5 * 1024 ** 2);
  expect(parseSize('0', 'it')).toBe(0);
  for (const wrong of ['', '20GB', '-1', 'much', '1e9'])
    expect(() => parseSize(wrong, '--max-size'), wrong).toThrow(`--max-size is "${wrong}"`);
});

test('the default size limit of the cache is 20 GiB', () => {
  expect(cacheSizeLimit({})).toBe(20 * 1024 ** 3);
  expect(cacheSizeLimit({ INGOT_CACHE_SIZE: '2GiB' })).toBe(2 * 1024 ** 3);
  expect(() => cacheSizeLimit({ INGOT_CACHE_SIZE: 'big' })).toThrow('INGOT_CACHE_SIZE is "big"');
});
