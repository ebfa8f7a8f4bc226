import { describe, expect, it } from 'vitest';
import { parseListing } from '../../../../src/bake/seal/squashfs.ts';

describe('the listing of a squashfs', () => {
  it.each([
    ['drwxr-xr-x 0/0                      26 2026-11-23 00:02 ', { path: '/', kind: 'other', size: 26 }],
    [
      'crw-r--r-- 0/0                   1,  3 2026-11-23 00:02 /dev/null',
      { path: '/dev/null', kind: 'other', size: 0 },
    ],
    [
      '-rwsr-xr-x 0/107  123456 2026-11-23 00:02 /a b -> c',
      { path: '/a b -> c', kind: 'file', size: 123456 },
    ],
    ['lrwxrwxrwx 0/0  1 2026-11-23 00:02 /etc/l -> h', { path: '/etc/l', kind: 'other', size: 1 }],
  ])('is read: %s', (line, seen) => {
    expect(parseListing(line)).toEqual(seen);
  });

  it('is refused if a line is not understood, because then nothing would be checked', () => {
    expect(() => parseListing('etc/hosts')).toThrow(/not understood/);
  });
});
