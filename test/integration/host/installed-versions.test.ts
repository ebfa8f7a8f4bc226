import { expect, test } from 'vitest';
import { installedVersions } from '../../../src/host/installed-versions.ts';
import { makeHost } from '../../../src/host/make-host.ts';

test('the versions are the same as those that dpkg reports', async () => {
  const names = ['apt', 'dpkg', 'mmdebstrap', 'packer', 'qemu-system-x86', 'squashfs-tools', 'xorriso'];
  const args = ['--show', '--showformat=${Package} ${Version}\n', ...names];
  const { stdout } = await makeHost().run('dpkg-query', args);
  const read = [...(await installedVersions(names))].map((pair) => pair.join(' '));
  expect(read.toSorted()).toEqual(stdout.trimEnd().split('\n').toSorted());
});
