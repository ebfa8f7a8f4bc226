import { expect, test } from 'vitest';
import { defaultCache } from '../../../src/bake/cache/cache-folder.ts';
import { defaultPool } from '../../../src/inputs/pool/pool.ts';
import { ingotErrorOf } from '../../samples/spec.ts';

test.each([
  ['', 'HOME is empty'],
  ['home', 'HOME is "home", which is not an absolute path'],
])('HOME=%s is an error and never a folder below the current one', (HOME, message) => {
  for (const folder of [defaultPool, defaultCache]) {
    const error = ingotErrorOf(() => folder({ HOME }));
    expect(error).toMatchObject({ code: 'host-not-ready', message });
  }
  expect(ingotErrorOf(() => defaultPool({ HOME })).hint).toContain('--pool');
});

test('a folder that is named needs no HOME', () => {
  expect(defaultPool({ HOME: '', XDG_CACHE_HOME: '/c' })).toBe('/c/ingot/pool');
  expect(defaultPool({ HOME: '', INGOT_POOL: '/p' })).toBe('/p');
});
