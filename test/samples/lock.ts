import type { Lock, LockedPackage } from '../../src/inputs/lock/lock.ts';

/** A locked package of which only the relevant fields are given. */
export function lockedPackage(name: string, more: Partial<LockedPackage> = {}): LockedPackage {
  const version = more.version ?? '1.0-1';
  return {
    name,
    version,
    architecture: 'amd64',
    size: 100,
    sha256: Buffer.from(`${name} ${version}`).toString('hex').padEnd(64, '0').slice(0, 64),
    source: 'bookworm',
    path: `pool/${name}_${version}_amd64.deb`,
    ...more,
  };
}

/** A lock with one source and these packages. */
export function sampleLock(packages: Partial<Lock['packages']> = {}, more: Partial<Lock> = {}): Lock {
  return {
    version: 1,
    date: '2026-11-21T02:10:46Z',
    question: {
      suite: 'bookworm',
      architecture: 'amd64',
      sources: [{ name: 'bookworm', suite: 'bookworm', components: ['main'] }],
      packages: { shared: ['a'], master: [], slave: [] },
      debs: { master: [], slave: [] },
    },
    sources: [
      {
        name: 'bookworm',
        suite: 'bookworm',
        components: ['main'],
        release: { date: '2026-11-21T02:10:46Z', sha256: 'a'.repeat(64), keys: ['A'.repeat(40)] },
      },
    ],
    packages: { shared: [lockedPackage('a')], master: [], slave: [], ...packages },
    ...more,
  };
}
