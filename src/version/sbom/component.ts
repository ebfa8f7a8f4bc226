import type { LockedPackage } from '../../inputs/lock/lock.ts';
import { type Distribution, distributionName } from './distribution.ts';
import type { InstalledPackage } from './installed.ts';
import { type Licence, licenceList } from './licence-list.ts';
import { packageUrl } from './package-url.ts';
import { bytesProperty, forProperty } from './weight.ts';

interface Property {
  readonly name: string;
  readonly value: string;
}

/** A package as a component of CycloneDX 1.6. */
export interface PackageComponent {
  readonly type: 'library';
  readonly 'bom-ref': string;
  readonly supplier?: { readonly name: string };
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly { readonly alg: 'SHA-256'; readonly content: string }[];
  readonly licenses: readonly Licence[];
  readonly purl: string;
  readonly properties: readonly Property[];
}

/** A package of a root with all that is known about it. */
export interface KnownPackage {
  readonly installed: InstalledPackage;
  readonly locked: LockedPackage;
  /** Text of its copyright file. */
  readonly copyright: string | undefined;
  /** Whether the package is from the distribution itself, not from another source. */
  readonly ofDistribution: boolean;
  /** Size of its files in the root. */
  readonly bytes: number;
  /** Whether every node has it, whatever its role. */
  readonly shared: boolean;
}

/** The package URL of a package of the lock. */
export function lockedPackageUrl(
  { name, version, architecture, source }: LockedPackage,
  distribution: Distribution | undefined,
  upstream?: string,
): string {
  const vendor = distribution?.id ?? source;
  const named = distribution === undefined ? undefined : distributionName(distribution);
  return packageUrl({ vendor, name, version, architecture, distribution: named, upstream });
}

/** The source package in Syft's format; undefined if it has the same name as the package. */
function upstreamOf({ name, version, source }: InstalledPackage): string | undefined {
  if (source.name === name && source.version === version) return undefined;
  return source.version === version ? source.name : `${source.name}@${source.version}`;
}

/**
 * The source package in the properties that Trivy uses to find Debian's advisories, with its version in three parts
 * (deb-version(7)).
 */
function sourceProperties({ source: { name, version } }: InstalledPackage): Property[] {
  const [, epoch, upstream = version, revision] = /^(?:(\d+):)?(.+?)(?:-([^-]*))?$/.exec(version) ?? [];
  return Object.entries({
    SrcName: name,
    SrcVersion: upstream,
    SrcRelease: revision,
    SrcEpoch: epoch,
  }).flatMap(([key, value]) => (value === undefined ? [] : [{ name: `aquasecurity:trivy:${key}`, value }]));
}

export function packageComponent(known: KnownPackage, distribution: Distribution): PackageComponent {
  const { installed, locked, copyright, ofDistribution } = known;
  const { name, version, maintainer } = installed;
  const purl = lockedPackageUrl(locked, ofDistribution ? distribution : undefined, upstreamOf(installed));
  return {
    type: 'library',
    'bom-ref': purl,
    ...(maintainer === '' ? {} : { supplier: { name: maintainer } }),
    name,
    version,
    hashes: [{ alg: 'SHA-256', content: locked.sha256 }],
    licenses: licenceList(name, copyright),
    purl,
    properties: [
      ...sourceProperties(installed),
      { name: bytesProperty, value: String(known.bytes) },
      { name: forProperty, value: known.shared ? 'every node' : 'this role' },
    ],
  };
}
