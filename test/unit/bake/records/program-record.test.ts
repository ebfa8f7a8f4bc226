import { expect, test } from 'vitest';
import { differentPrograms } from '../../../../src/bake/records/program-record.ts';

test('the changed build tools of another bake are reported program by program', () => {
  const before = { 'squashfs-tools': '1:4.5', packer: '1.6.6', gone: '1' };
  const now = { 'squashfs-tools': '1:4.6', packer: '1.6.6', fresh: '2' };
  expect(differentPrograms(before, now)).toEqual([
    'fresh (none) → 2',
    'gone 1 → (none)',
    'squashfs-tools 1:4.5 → 1:4.6',
  ]);
  expect(differentPrograms(now, now)).toEqual([]);
});
