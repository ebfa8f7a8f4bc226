import { describe, expect, it } from 'vitest';
import type { Reproduction } from '../../../src/bake/reproduce-images.ts';
import { reproductionText } from '../../../src/bake/reproduction-text.ts';
import { noPaths } from '../../../src/diff/compare/version-difference.ts';

const reproduction = (equal: boolean, more: Partial<Reproduction> = {}): Reproduction => ({
  role: 'slave',
  folder: '/out/slave/latest',
  storedVersion: '20261122-aaaaaaaaaaaa',
  madeVersion: '20261122-aaaaaaaaaaaa',
  otherPrograms: [],
  difference: {
    equal,
    files: [
      {
        name: 'vmlinuz',
        equal,
        stored: { size: 1, sha256: 'aa' },
        made: { size: 1, sha256: equal ? 'aa' : 'bb' },
        notes: [],
      },
    ],
    head: [],
    root: noPaths,
    initrd: noPaths,
  },
  ...more,
});

describe('the report about a role that was baked again', () => {
  it('has the version and the digest of each file if all bits are the same', () => {
    expect(reproductionText(reproduction(true))).toBe(
      'slave 20261122-aaaaaaaaaaaa: the same bits\n  aa  vmlinuz\n',
    );
  });

  it('otherwise has both versions, the programs that changed, and the differences', () => {
    const text = reproductionText(
      reproduction(false, {
        madeVersion: '20261122-bbbbbbbbbbbb',
        otherPrograms: ['squashfs-tools 1:4.5.1-1 → 1:4.6.1-1'],
      }),
    );
    expect(text).toMatch(/^slave: not the same bits\. .* 20261122-aaaaaaaaaaaa, .* 20261122-bbbbbbbbbbbb\n/);
    expect(text).toContain('build tools changed: squashfs-tools 1:4.5.1-1 → 1:4.6.1-1');
    expect(text).toMatch(/DIFFERS +vmlinuz/);
  });
});
