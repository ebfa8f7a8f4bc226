import { describe, expect, test } from 'vitest';
import { packerRelease, packerReleases, versionOfPacker } from '../../../src/render/packer-release.ts';

describe('a version of Packer', () => {
  test.each([
    ['Packer v1.6.6\n', '1.6.6'],
    ['Packer v1.14.2\n\nYour version of Packer is out of date! The latest version\nis 1.15.0.', '1.14.2'],
    ['Packer v1.16.0-dev (abcdef)', '1.16.0'],
    ['skipping line: 1\n', undefined],
    ['', undefined],
  ])('is read from %j', (printed, version) => {
    expect(versionOfPacker(printed)).toBe(version);
  });

  test.each([
    ['1.6.6', undefined],
    ['1.6.10', undefined],
    ['1.7.0', '1.1.4'],
    ['1.9.5', '1.1.4'],
    ['1.10.0', '1.1.4'],
    ['1.16.0', '1.1.4'],
    ['2.0.0', '1.1.4'],
  ])('%s declares the qemu plugin in version %s', (version, plugin) => {
    expect(packerRelease(version).qemu?.version).toBe(plugin);
  });

  test.each(['1.6.5', '1.5.9', '0.12.3'])(
    '%s is too old, and the reason says which to install',
    (version) => {
      expect(() => packerRelease(version)).toThrow(`this Packer is ${version}`);
    },
  );

  test('that is newer never has the abilities of an older row', () => {
    for (const [at, row] of packerReleases.entries()) {
      expect(packerRelease(row.from)).toBe(row);
      const next = packerReleases[at + 1];
      if (next !== undefined) expect(packerRelease(next.from)).not.toBe(row);
    }
  });
});
