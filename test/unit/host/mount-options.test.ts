import { expect, test } from 'vitest';
import { mountOf, parseMountinfo } from '../../../src/host/mount-options.ts';

const text = [
  '22 27 0:21 / / rw,relatime - ext4 /dev/vda rw',
  String.raw`23 22 0:22 / /a\040b rw,noexec - tmpfs tmpfs rw`,
  '24 22 0:23 / /a rw,nodev shared:1 - tmpfs tmpfs rw',
  '25 24 0:24 / /a rw,nosuid - tmpfs tmpfs ro',
  '',
].join('\n');

test('a path is on the nearest mount above it, the later one of two; whole names are compared', () => {
  const mounts = parseMountinfo(text);
  expect(mountOf(mounts, '/a/x')).toEqual({ point: '/a', options: ['rw', 'nosuid', 'ro'] });
  expect(mountOf(mounts, '/a b/x')?.options).toContain('noexec');
  expect(mountOf(mounts, '/ab')?.point).toBe('/');
  expect(mountOf([], '/a')).toBeUndefined();
});
