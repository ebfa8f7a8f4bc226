import { describe, expect, it } from 'vitest';
import { differenceText, originText } from '../../../../src/diff/compare/difference-text.ts';
import { noPaths, type VersionDifference } from '../../../../src/diff/compare/version-difference.ts';

const digest = (letter: string) => ({ size: 1, sha256: letter.repeat(64) });

describe('the text about two versions', () => {
  it('is the table of digests when they are the same', () => {
    const files = ['disk.qcow2', 'vmlinuz'].map((name) => ({
      name,
      equal: true,
      stored: digest('a'),
      made: digest('a'),
      notes: [],
    }));
    const same: VersionDifference = { equal: true, files, head: [], root: noPaths, initrd: noPaths };
    expect(differenceText(same)).toBe(`  ${'a'.repeat(64)}  disk.qcow2\n  ${'a'.repeat(64)}  vmlinuz\n`);
  });

  it('lists what was not shown, and a name cannot send a command to the terminal', () => {
    const path = '/opt/\u001b]0;x\u0007';
    const other: VersionDifference = {
      equal: false,
      files: [{ name: 'vmlinuz', equal: false, stored: digest('a'), made: digest('b'), notes: ['a note'] }],
      head: [{ name: 'date', stored: '1', made: '2' }],
      root: { added: 3, removed: 0, changed: 0, paths: [{ path, kind: 'added', fields: [] }] },
      initrd: noPaths,
    };
    const text = differenceText(other);
    expect(text).toContain('(and 2 paths more)');
    expect(text).toContain('date  1 → 2');
    expect(text).toContain('only made now: /opt/\\u{1b}]0;x\\u{7}');
    expect(text).toContain(`stored ${'a'.repeat(64)} (1 bytes)`);
    expect(text).toContain('a note');
  });
});

describe('the origin of a path', () => {
  it('names packages, rootfs and the build guest together', () => {
    const layers = ['/home/me/ingot/images/common/rootfs'];
    expect(originText({ packages: ['sudo'], guest: true, layers })).toBe(
      'package sudo; images/common/rootfs; changed in the build guest, by a step of images/ or by its boot',
    );
  });
});
