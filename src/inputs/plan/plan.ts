import type { DataDisk } from '../cluster-spec/data-schema.ts';
import type { Scheduler } from '../cluster-spec/schedulers.ts';
import type { Spec } from '../cluster-spec/schema.ts';
import type { Role } from '../roles.ts';
import type { TargetName } from '../targets/all-targets.ts';
import type { AllowedProgram } from './allowed-programs.ts';
import type { DebconfAnswer } from './debconf-answers.ts';
import type { SeedSettings } from './seed-settings.ts';

/**
 * The plan: plain JSON that describes everything a bake will do. makePlan makes it, tests inspect it, and the other
 * modules execute it.
 */
export { allRoles, type Role } from '../roles.ts';

/** One deb822 stanza of an apt source, as apt reads it (sources.list(5)). */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of a keyring or armoured key on the build host. */
  readonly signedBy?: string;
  /** For a source that ingot wrote itself, or that the spec trusts unsigned: apt requires no signature. */
  readonly trusted?: true;
  /** false: its Release file may have expired (apt's Check-Valid-Until). */
  readonly validUntil?: false;
  /** The name of the source in a lock, if its suite is not specific enough. */
  readonly label?: string;
  /** For the source of a preset: its key. */
  readonly preset?: PresetSource;
}

/** What a preset defines about the key of its source. */
export interface PresetSource {
  readonly name: string;
  /** The package that is installed from it. */
  readonly package: string;
  /** Whether the source is the site's own copy. */
  readonly mirror: boolean;
  /** The URL that the key is fetched from when the spec is locked; undefined if the spec names a file. */
  readonly keyUrl?: string;
  /**
   * Fingerprint of the only primary key that may sign the source; undefined for a mirror that the site signs with its
   * own key.
   */
  readonly fingerprint?: string;
}

/** A .deb that comes from a file instead of an apt source. */
export interface LocalDeb {
  readonly name: string;
  /** The names that the package in it may have; any name if undefined. */
  readonly packages?: readonly string[];
  /** Absolute path, or a URL that is fetched before the plan is executed; without credentials. */
  readonly from: string;
  readonly sha256?: string;
}

/** The bytes of a file that is not UTF-8 text, or is large: the plan has its digest in place of its content. */
export interface BinaryFile {
  /** Absolute path on the build host. */
  readonly from: string;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * A file that is put onto the node in addition to images/<role>/rootfs: the user's own files and files that are
 * generated from the spec.
 */
export interface PlacedFile {
  /** Absolute path on the node. */
  readonly path: string;
  /** Octal text, e.g. "0644". */
  readonly mode: string;
  readonly content: string;
  /** Its bytes, if they are not text; `content` is then a line that describes them. */
  readonly binary?: BinaryFile;
  /** Where the spec names it, as FILE:LINE:COLUMN; no stage depends on it. */
  readonly said?: string;
  /** A note for people: what it replaces, or how its path was written. */
  readonly note?: string;
}

/** A step of images/: a folder with do.sh and assert.sh. Steps run in the build guest in this order. */
export interface Step {
  /** NN-name, the folder's name. */
  readonly name: string;
  /** Absolute folder. */
  readonly folder: string;
}

/** A check that a booted node of the role must pass before its image is published. */
export interface Check {
  readonly name: string;
  /** Run on the node as root with /bin/sh -c; exit 0 is a pass; its last output line is shown. */
  readonly run: string;
  /** Seconds within which it has to pass on real hardware; emulation gets a multiple. */
  readonly within: number;
  /** It passes only together with a running master; a slave that boots by itself is not checked for it. */
  readonly needs?: 'master';
}

/** A path or pattern of files of packages that are left out, the reason, and where the spec says so. */
export interface LeftOut {
  readonly path: string;
  readonly why: string;
  readonly at: readonly ['common' | Role, 'leaveOut', number];
}

/** A layer of the spec: a folder of the site that is laid over images/. */
export interface SiteLayer {
  /** As written in the spec, with the folder below it: "site", "site/slave". Keys and reports have this name. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The only role that gets it; null for every node. */
  readonly role: Role | null;
  /** Whether its files may replace files of images/ and of earlier layers. */
  readonly replace: boolean;
  /** Its position in `layers` of the spec, from 0. */
  readonly at: number;
}

/** Where a layer comes from that is not a folder of this machine; without credentials. It is part of a lock's question. */
export interface LayerOrigin {
  /** Its name in the spec, in keys and in reports. */
  readonly name: string;
  /** URL, or a path as written. */
  readonly git?: string | undefined;
  readonly ref?: string | undefined;
  /** URL, or a path as written. */
  readonly archive?: string | undefined;
  /** SHA-256 of the archive. */
  readonly sha256?: string | undefined;
  /** The folder in it that is the layer. */
  readonly folder?: string | undefined;
}

/** A layer that was fetched, as the lock has fixed it. */
export interface FetchedLayer extends LayerOrigin {
  /** The commit that the ref was. */
  readonly commit?: string | undefined;
  /** Digest of its tree: SHA-256, 64 hexadecimal digits. */
  readonly tree: string;
}

/** What a layer of the site, or a section of the spec, adds: for people only, no stage depends on it. */
export interface Contribution {
  /** "site", or "cluster.yaml, slave". */
  readonly from: string;
  /** null for every node. */
  readonly role: Role | null;
  /** A label, such as "units on" → the words that it adds. */
  readonly adds: Readonly<Record<string, readonly string[]>>;
}

export interface RolePlan {
  readonly role: Role;
  /** Debian package names in addition to the shared ones. */
  readonly packages: readonly string[];
  readonly debs: readonly LocalDeb[];
  /**
   * Absolute folders of files, each with its place on the node (layerPlace), in order; a later one overrides earlier
   * ones.
   */
  readonly layers: readonly string[];
  readonly files: readonly PlacedFile[];
  readonly steps: readonly Step[];
  readonly unitsOn: readonly string[];
  readonly unitsMasked: readonly string[];
  readonly kernelArguments: readonly string[];
  /** Kernel modules that are loaded at boot, before the sysctls are set; none by default. */
  readonly modules?: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly checks: readonly Check[];
  /** Answers to the packages of this role only. */
  readonly debconf?: readonly DebconfAnswer[];
  /** Programs that the spec allows to keep set-user-id, set-group-id or capabilities. */
  readonly setuid?: readonly AllowedProgram[];
  /** Files of packages that the spec leaves out. */
  readonly leaveOut?: readonly LeftOut[];
  /** RAM in MiB that a node needs in addition to its root when it runs from memory. */
  readonly memoryMiB: number;
  /** zstd level of the root's squashfs, 1 to 22. */
  readonly compressionLevel: number;
}

/** The zstd level of an ordinary bake, and that of a release, which takes minutes longer and is about 10 % smaller. */
export const compressionLevels = { quick: 3, release: 15 } as const;

export interface Plan {
  readonly cluster: string;
  /** In order: a master's ZooKeeper id is its position here, from 1. */
  readonly masters: readonly string[];
  readonly quorum: number;
  readonly layout: Spec['layout'];
  /** The framework on the masters that starts tasks. */
  readonly scheduler: Scheduler;
  /** What is made from each golden root, in the order of allTargets. */
  readonly targets: readonly TargetName[];
  readonly base: {
    readonly distribution: 'debian';
    readonly suite: string;
    readonly architecture: 'amd64';
    readonly sources: readonly AptSource[];
  };
  /** Debian packages of every role, composed once. */
  readonly sharedPackages: readonly string[];
  /** Answers to packages of both roles. */
  readonly debconf?: readonly DebconfAnswer[];
  readonly roles: readonly RolePlan[];
  /** The layers of the spec, in their order; none by default. */
  readonly siteLayers?: readonly SiteLayer[];
  /** Those of them that come from git or an archive. */
  readonly fetchedLayers?: readonly FetchedLayer[];
  /** Templates of these layers: path below templates/ → the text that replaces ours. */
  readonly templates?: Readonly<Record<string, string>>;
  readonly contributions?: readonly Contribution[];
  readonly guest: { readonly cpus: number; readonly memoryMiB: number; readonly timeoutMinutes: number };
  /** Minutes after its start within which a new version on a node must be healthy. */
  readonly confirmMinutes: number;
  /** The disk that holds the state of every node; null: the partition labelled ingot-data, or memory. */
  readonly data: DataDisk | null;
  /** The other contents of the cluster seed; no stage of a bake reads them. */
  readonly seed: SeedSettings;
  /** Seconds since 1970; no timestamp in an image is later. */
  readonly epoch: number;
}
