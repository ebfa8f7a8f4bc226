import type { PackageChange, SourceFixes } from '../../diff/image-diff.ts';
import type { Role } from '../../inputs/roles.ts';
import type { BootRecord } from '../../version/boot-record.ts';
import type { ChecksRecord } from '../../version/checks-record.ts';
import type { BootTimes } from '../../vm/boot-stages.ts';
import type { Group } from '../look/treemap.ts';

/** A package of a version. */
export interface ReportedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Bytes of its files in the root; undefined if the bill of materials does not state them. */
  readonly bytes: number | undefined;
  /** Why it is in the root: "every node", or the package that brings it. */
  readonly because: string;
  readonly licences: readonly string[];
}

/** How a version differs from the one that was published before it. */
export interface ReportedChanges {
  readonly before: string;
  readonly packages: readonly PackageChange[];
  readonly security: readonly SourceFixes[];
  /** Growth of root.squashfs in bytes. */
  readonly rootGrowth: number;
}

/** One stage of the bake that made a version. */
export interface ReportedStage {
  readonly name: string;
  /** Seconds since the bake began; undefined if only the duration is known. */
  readonly begun: number | undefined;
  readonly seconds: number;
}

export interface ReportedBake {
  readonly run: string;
  /** ISO 8601. */
  readonly begun: string;
  readonly seconds: number;
  readonly stages: readonly ReportedStage[];
  /** Titles of the stages that came from the cache: "packages master". */
  readonly fromCache: readonly string[];
  /** Digest of ingot's code, and versions of the programs. */
  readonly programs: Readonly<Record<string, string>>;
}

/** A file to which a report has a link. */
export interface LinkedFile {
  /** Relative to the report, percent-encoded. */
  readonly href: string;
  readonly name: string;
  readonly bytes: number;
  /** What it holds; SHA-256 for a file of the version. */
  readonly text: string;
}

/** A statement about a rehearsal of a version. */
export interface ReportedRehearsal {
  readonly finishedOn: string;
  readonly passed: number;
  readonly drills: readonly string[];
  readonly signedBy: readonly string[];
}

/** Everything that the report of a version shows; plain data. */
export interface VersionReportFacts {
  readonly role: Role;
  readonly version: string;
  readonly boot: BootRecord;
  /** Ids of the keys that signed it; "damaged" if the signature does not cover SHA256SUMS. Not verified. */
  readonly signedBy: readonly string[] | 'damaged';
  readonly packages: readonly ReportedPackage[];
  readonly packageSizes: readonly Group[];
  readonly folderSizes: readonly Group[];
  /** Undefined for the first version of a store. */
  readonly changes: ReportedChanges | undefined;
  readonly checks: ChecksRecord | undefined;
  readonly times: BootTimes | undefined;
  readonly bake: ReportedBake | undefined;
  /** Programs with more rights than the caller, and why. */
  readonly privileges: readonly { readonly path: string; readonly mode: string; readonly why: string }[];
  readonly files: readonly LinkedFile[];
  /** The logs of the run, as far as the store still has them. */
  readonly logs: readonly LinkedFile[];
  readonly rehearsals: readonly ReportedRehearsal[];
}
