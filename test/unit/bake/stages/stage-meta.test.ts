import { expect, test } from 'vitest';
import { metaOf, valueOf } from '../../../../src/bake/stages/stage-meta.ts';

test('paths of a stage are moved to the folder of its files, and nothing else changes', () => {
  const root = {
    version: '20261122-0',
    size: 5,
    squashfs: '/run/1/staged/root.squashfs',
    of: ['/etc/x', 'y'],
  };
  const meta = metaOf(root, '/run/1/staged');
  expect(JSON.stringify(meta)).not.toContain('/run/1');
  expect(valueOf(meta, '/run/2/staged')).toEqual({ ...root, squashfs: '/run/2/staged/root.squashfs' });
});

test('a folder whose name only begins in the same way is a different one', () => {
  const value = { path: '/run/10/file' };
  expect(valueOf(metaOf(value, '/run/1'), '/run/2')).toEqual(value);
});
