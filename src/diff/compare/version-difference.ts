import type { FieldDifference } from '../../version/facts.ts';

/** Where two contents part: the offset in bytes, and 16 bytes of each side around it as a line of hexadecimal. */
export interface FirstDifference {
  readonly offset: number;
  readonly stored: string;
  readonly made: string;
}

export interface ContentDifference {
  readonly first: FirstDifference;
  /** Unified, when both sides are small text. */
  readonly textDiff?: string;
}

/** What brought a path into the root. More than one may be so. */
export interface PathOrigin {
  /** Debian packages whose files list the path. */
  readonly packages: readonly string[];
  /** Whether the build guest added, changed or removed it: a step of images/, or the boot itself. */
  readonly guest: boolean;
  /** Absolute rootfs folders of images/ that hold the path, where the caller said which there are. */
  readonly layers: readonly string[];
}

export interface PathDifference {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** All facts of a path that is on one side only; those that differ otherwise. */
  readonly fields: readonly FieldDifference[];
  readonly origin?: PathOrigin;
  readonly content?: ContentDifference;
}

/** Differing paths of one root or initrd: the first of them in full, the others counted. */
export interface PathDifferences {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly paths: readonly PathDifference[];
}

/** One file of the version folders; a side that does not have it is left out. */
export interface FileComparison {
  readonly name: string;
  readonly equal: boolean;
  readonly stored?: { readonly size: number; readonly sha256: string };
  readonly made?: { readonly size: number; readonly sha256: string };
  /** Of files that differ and do not merely follow from another. */
  readonly first?: FirstDifference;
  /** What else is known of the difference, a sentence each. */
  readonly notes: readonly string[];
}

/** How two versions of a role differ; plain JSON. */
export interface VersionDifference {
  /** The same files with the same SHA-256 each. */
  readonly equal: boolean;
  readonly files: readonly FileComparison[];
  /** What the manifests say of the whole: date, role, kernel and initrd. */
  readonly head: readonly FieldDifference[];
  readonly root: PathDifferences;
  readonly initrd: PathDifferences;
}

export const noPaths: PathDifferences = { added: 0, removed: 0, changed: 0, paths: [] };
