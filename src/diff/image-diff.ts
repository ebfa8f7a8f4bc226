import type { PackageGroup } from '../inputs/lock/lock.ts';

/** A package of one side, with what is needed to find its .deb and its changelog. */
export interface PackageRecord {
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  /** SHA-256 of the .deb. */
  readonly sha256: string;
  /** The source package that it was built from. */
  readonly source: { readonly name: string; readonly version: string };
  /** For a lock: where the package is installed. */
  readonly groups?: readonly PackageGroup[];
}

/** One package that differs between two sides. Without `before` it is new, without `after` it was removed. */
export interface PackageChange {
  readonly name: string;
  readonly architecture: string;
  readonly kind: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'rebuilt';
  readonly before?: string;
  readonly after?: string;
  readonly source: string;
  /** For locks: the groups that it is in. */
  readonly groups?: readonly PackageGroup[];
}

/** One entry of a Debian changelog. */
export interface ChangelogEntry {
  readonly version: string;
  /** The distribution it was uploaded to: "bookworm-security". */
  readonly distributions: string;
  /** Lower case: low, medium, high, emergency, critical. */
  readonly urgency: string;
  /** In the changelog's format (RFC 5322). */
  readonly date: string;
  /** Sorted: by year, then number. */
  readonly cves: readonly string[];
}

/** What the changelog of an upgraded source package states. */
export interface SourceFixes {
  readonly source: string;
  readonly before: string;
  readonly after: string;
  /** The entries between the two versions that name a CVE or were uploaded for security, newest first. */
  readonly entries: readonly ChangelogEntry[];
  /** The highest urgency of these entries. */
  readonly urgency?: string;
  readonly cves: readonly string[];
  /** Why nothing is known about it. */
  readonly unknown?: string;
}

/** A fact that differs between two sides, as text. A side that does not have it is omitted. */
export interface FieldChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

export interface PathChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** "file", "symlink", …; the new type if it changed. */
  readonly type?: string;
  /** What changed except the time; all facts for an added or removed path. */
  readonly fields: readonly FieldChange[];
  /** The package whose list names it, else images/…, "the build guest", "dpkg's database", or "generated". */
  readonly owner: string;
  /** Its other origins: other packages, images/…, the build guest. */
  readonly also: readonly string[];
}

/** A unit that is enabled, disabled, masked or unmasked by a link in the root. */
export interface UnitChange {
  readonly unit: string;
  readonly kind: 'enabled' | 'disabled' | 'masked' | 'unmasked';
  /** The unit that wants or requires it. */
  readonly by?: string;
}

/** A configuration file that differs, with its text diff or the reason why there is none. */
export interface ConfigurationChange {
  readonly path: string;
  readonly kind: PathChange['kind'];
  readonly textDiff?: string;
  readonly note?: string;
}

export interface SizeChange {
  readonly name: string;
  /** Bytes. */
  readonly before?: number;
  readonly after?: number;
}

/** How the roots and the files of two versions differ. */
export interface RootDiff {
  /** Differences of the manifests' heads: role, kernel, initrd, compression. */
  readonly head: readonly FieldChange[];
  readonly rootHash?: FieldChange;
  readonly memoryMiB?: FieldChange;
  readonly kernelArguments: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly units: readonly UnitChange[];
  readonly configuration: readonly ConfigurationChange[];
  readonly paths: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    /** Number of paths that differ only in their time. */
    readonly timesOnly: number;
    readonly list: readonly PathChange[];
  };
  readonly sizes: {
    /** Bytes of all files in the root. */
    readonly root: { readonly before: number; readonly after: number };
    /** Growth in bytes of each owner's files in the root. */
    readonly byOwner: readonly { readonly owner: string; readonly bytes: number }[];
    /** Files of the version folder that differ or exist on only one side. */
    readonly files: readonly SizeChange[];
  };
}

export interface Side {
  /** As the user named it. */
  readonly named: string;
  /** "slave 20261126-d072d7c8d977", or "lock of 2026-11-26T02:14:46Z". */
  readonly title: string;
  readonly packages: number;
}

/** How two versions, or two locks, differ; plain JSON. */
export interface ImageDiff {
  readonly schema: 1;
  readonly kind: 'versions' | 'locks';
  readonly same: boolean;
  readonly before: Side;
  readonly after: Side;
  readonly packages: readonly PackageChange[];
  readonly security: readonly SourceFixes[];
  /** Only for versions. */
  readonly root?: RootDiff;
}
