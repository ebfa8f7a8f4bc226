import type { FieldDifference } from '../../version/facts.ts';

/**
 * The first difference of two contents: the offset in bytes, and 16 bytes of each side around it as a line of
 * hexadecimal.
 */
export interface FirstDifference {
  readonly offset: number;
  readonly stored: string;
  readonly made: string;
}

export interface ContentDifference {
  readonly first: FirstDifference;
  /** Unified diff, if both sides are small text. */
  readonly textDiff?: string;
}

/** The origin of a path of the root. Several origins are possible. */
export interface PathOrigin {
  /** Debian packages whose files list the path. */
  readonly packages: readonly string[];
  /** Whether the build guest added, changed or removed it: a step of images/, or the boot itself. */
  readonly guest: boolean;
  /** Absolute rootfs folders of images/ that contain the path, if the caller gave the layers. */
  readonly layers: readonly string[];
}

export interface PathDifference {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** All facts of a path that exists on only one side; otherwise those that differ. */
  readonly fields: readonly FieldDifference[];
  readonly origin?: PathOrigin;
  readonly content?: ContentDifference;
}

/** Differing paths of one root or initrd: the first of them in full, the others only counted. */
export interface PathDifferences {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly paths: readonly PathDifference[];
}

/** One file of the version folders. A side that does not have it is omitted. */
export interface FileComparison {
  readonly name: string;
  readonly equal: boolean;
  readonly stored?: { readonly size: number; readonly sha256: string };
  readonly made?: { readonly size: number; readonly sha256: string };
  /** For files that differ, unless the difference only results from another file. */
  readonly first?: FirstDifference;
  /** Further information about the difference, one sentence each. */
  readonly notes: readonly string[];
}

/** How two versions of a role differ; plain JSON. */
export interface VersionDifference {
  /** The same files with the same SHA-256 each. */
  readonly equal: boolean;
  readonly files: readonly FileComparison[];
  /** Differences of the manifests' heads: date, role, kernel and initrd. */
  readonly head: readonly FieldDifference[];
  readonly root: PathDifferences;
  readonly initrd: PathDifferences;
}

export const noPaths: PathDifferences = { added: 0, removed: 0, changed: 0, paths: [] };
