import { describe, expect, it } from 'vitest';
import type { PackageRecord } from '../../../src/diff/image-diff.ts';
import { packageChanges } from '../../../src/diff/package-changes.ts';
import { newerSources } from '../../../src/diff/security-fixes.ts';

const debian = (name: string, version: string, more: Partial<PackageRecord> = {}): PackageRecord => ({
  name,
  version,
  architecture: 'amd64',
  sha256: `${name}-${version}`,
  source: { name, version },
  ...more,
});

describe('the packages of two versions', () => {
  it("are listed as added, removed, upgraded and downgraded by Debian's order of versions", () => {
    const before = [
      debian('curl', '7.88.1-9'),
      debian('gone', '1'),
      debian('down', '2'),
      debian('same', '1'),
    ];
    const after = [
      debian('curl', '7.88.1-10'),
      debian('new', '1'),
      debian('down', '2~rc1'),
      debian('same', '1'),
    ];
    expect(packageChanges(before, after).map(({ name, kind }) => [name, kind])).toEqual([
      ['curl', 'upgraded'],
      ['down', 'downgraded'],
      ['gone', 'removed'],
      ['new', 'added'],
    ]);
  });

  it('are also listed if a version has other bytes', () => {
    const [change] = packageChanges([debian('a', '1')], [debian('a', '1', { sha256: 'other' })]);
    expect(change).toMatchObject({ kind: 'rebuilt', before: '1', after: '1' });
  });

  it('of locks are one line if both roles have the same', () => {
    const inBoth = (version: string) =>
      (['master', 'slave'] as const).map((group) => debian('mesos', version, { groups: [group] }));
    const changes = packageChanges(inBoth('1'), inBoth('2'));
    expect(changes).toHaveLength(1);
    expect(changes[0]?.groups).toEqual(['master', 'slave']);
  });

  it('with a newer source are found although a kernel changes its name', () => {
    const kernel = (abi: string, version: string) =>
      debian(`linux-image-6.1.0-${abi}`, version, { source: { name: 'linux-signed', version } });
    // Packages that both have are not a change, even if they are older or newer than the rest of their source.
    const meta = debian('linux-image', '6.1.10-1', { source: { name: 'linux-signed', version: '6.1.10-1' } });
    const found = newerSources(
      [kernel('1', '6.1.9-1'), meta],
      [kernel('2', '6.1.10-1'), meta, debian('new', '1')],
    );
    expect(found.map(({ source, before, after }) => [source, before, after])).toEqual([
      ['linux-signed', '6.1.9-1', '6.1.10-1'],
    ]);
  });
});
