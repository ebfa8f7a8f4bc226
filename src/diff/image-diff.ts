import type { PackageGroup } from '../inputs/lock/lock.ts';

/** A package of one side, with what leads to its .deb and its changelog. */
export interface PackageRecord {
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  /** Of the .deb. */
  readonly sha256: string;
  /** The source package that it was built of. */
  readonly source: { readonly name: string; readonly version: string };
  /** Of a lock: where it is installed. */
  readonly groups?: readonly PackageGroup[];
}

/** One package that two sides have otherwise; without before it is new, without after it is gone. */
export interface PackageChange {
  readonly name: string;
  readonly architecture: string;
  readonly kind: 'added' | 'removed' | 'upgraded' | 'downgraded' | 'rebuilt';
  readonly before?: string;
  readonly after?: string;
  readonly source: string;
  /** Of locks: in which groups. */
  readonly groups?: readonly PackageGroup[];
}

/** One entry of a Debian changelog. */
export interface ChangelogEntry {
  readonly version: string;
  /** "bookworm-security": for whom it was uploaded. */
  readonly distributions: string;
  /** Lower case: low, medium, high, emergency, critical. */
  readonly urgency: string;
  /** As the changelog writes it (RFC 5322). */
  readonly date: string;
  /** Sorted: by year, then number. */
  readonly cves: readonly string[];
}

/** What the changelog of a source package that became newer says of it. */
export interface SourceFixes {
  readonly source: string;
  readonly before: string;
  readonly after: string;
  /** The entries between the two versions that name a CVE or were uploaded for security, newest first. */
  readonly entries: readonly ChangelogEntry[];
  /** The highest urgency of these entries. */
  readonly urgency?: string;
  readonly cves: readonly string[];
  /** Why nothing is known of it. */
  readonly unknown?: string;
}

/** A fact that two sides tell differently, as text; a side that does not have it is left out. */
export interface FieldChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

export interface PathChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** "file", "symlink", …; of a path whose type changed the new one. */
  readonly type?: string;
  /** What of it changed, the time left out; of an added or removed path all there is to know. */
  readonly fields: readonly FieldChange[];
  /** The package whose list names it, else images/…, "the build guest", "dpkg's database", or "generated". */
  readonly owner: string;
  /** Whatever else brought it: other packages, images/…, the build guest. */
  readonly also: readonly string[];
}

/** A unit that is switched on or off, or masked or no longer so, by a link in the root. */
export interface UnitChange {
  readonly unit: string;
  readonly kind: 'enabled' | 'disabled' | 'masked' | 'unmasked';
  /** What wants or requires it. */
  readonly by?: string;
}

/** A file of configuration that differs, with its text diff or why there is none. */
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
  /** What the manifests say of the whole: role, kernel, initrd, compression. */
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
    /** So many paths differ in nothing but their time. */
    readonly timesOnly: number;
    readonly list: readonly PathChange[];
  };
  readonly sizes: {
    /** Bytes of all files in the root. */
    readonly root: { readonly before: number; readonly after: number };
    /** By how many bytes what an owner has in the root grew. */
    readonly byOwner: readonly { readonly owner: string; readonly bytes: number }[];
    /** Files of the version folder that are others, or on one side only. */
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
  /** Of versions. */
  readonly root?: RootDiff;
}
