import { expect, test } from 'vitest';
import { debName } from '../../../../src/inputs/pool/flat-repository.ts';
import { defaultPool, pooledPath } from '../../../../src/inputs/pool/pool.ts';

test('the pool is where INGOT_POOL says, otherwise in the cache of the user', () => {
  expect(defaultPool({ INGOT_POOL: '/p', XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/p');
  expect(defaultPool({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/ingot/pool');
  expect(defaultPool({ XDG_CACHE_HOME: 'not/absolute', HOME: '/h' })).toBe('/h/.cache/ingot/pool');
  expect(defaultPool({ INGOT_POOL: '', HOME: '/h' })).toBe('/h/.cache/ingot/pool');
});

test('a file is stored under its digest, and a .deb has the name that apt gives it', () => {
  expect(pooledPath('/p', `ab${'0'.repeat(62)}`)).toBe(`/p/ab/ab${'0'.repeat(62)}.deb`);
  expect(debName({ name: 'x', version: '1:2-3', architecture: 'all' })).toBe('x_1%3a2-3_all.deb');
});
