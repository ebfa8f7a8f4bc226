import type { KnownPackage } from '../../src/version/sbom/component.ts';
import { lockedPackage } from './lock.ts';

/** A package of a root: of the distribution, unless another source is named. */
export function knownPackage(
  name: string,
  more: Partial<KnownPackage['installed']> = {},
  source = 'bookworm',
): KnownPackage {
  const version = more.version ?? '1.0-1';
  return {
    installed: {
      ...{ name, version, architecture: 'amd64', maintainer: 'Somebody', needs: [], provides: [] },
      source: { name, version },
      ...more,
    },
    locked: lockedPackage(name, { version, source }),
    copyright: '/usr/share/common-licenses/GPL-2',
    ofDistribution: source === 'bookworm',
    ...{ bytes: 10, shared: name === 'libc6' },
  };
}

/** What a document says about the root itself. */
export const describedRoot = {
  role: 'slave',
  version: '20261122-0123456789ab',
  rootHash: 'a'.repeat(64),
  squashfsSha256: 'b'.repeat(64),
  manifestSha256: 'c'.repeat(64),
  epoch: 1_795_227_046,
} as const;
