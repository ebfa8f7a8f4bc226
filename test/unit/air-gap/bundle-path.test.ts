import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileAndFolder, isBundlePath } from '../../../src/air-gap/bundle-path.ts';

test.each(['store/master/20261122-0123456789ab/root.squashfs', 'README.md', 'a b', '...', 'é'])(
  '%j may be in a bundle',
  (path) => {
    expect(isBundlePath(path)).toBe(true);
  },
);

test.each([
  ...[
    '',
    '/',
    '/etc/passwd',
    '..',
    '../x',
    'a/../b',
    'a/..',
    './a',
    'a/.',
    'a//b',
    'a/',
    'a\\b',
    'a\nb',
    'a\0b',
  ],
  ...['a\u202eb', 'a\u2028b', 'x'.repeat(256), `${'x/'.repeat(600)}x`],
])('%j may not', (path) => {
  expect(isBundlePath(path)).toBe(false);
});

test('no path that is accepted leads out of the folder', () => {
  const part = fc.constantFrom('..', '.', '', 'a', '/', '\\', '...', ' ', '\u0000', '~');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom('/', ''), (parts, between) => {
      const path = parts.join(between);
      fc.pre(isBundlePath(path));
      expect(join('/into', path)).toBe(`/into/${path}`);
    }),
  );
});

test('a path that is a file and a folder at once is found', () => {
  expect(fileAndFolder(['a/b', 'a-c', 'a'])).toBe('a/b');
  expect(fileAndFolder(['a/b', 'a/c', 'ab'])).toBeUndefined();
});
