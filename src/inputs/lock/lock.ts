import { z } from 'zod';
import type { PoolFile } from '../pool/pool.ts';
import { allRoles } from '../roles.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits');
const date = z.iso.datetime();
const fingerprint = z.string().regex(/^[0-9A-F]{40,64}$/);

/** One .deb. */
const lockedPackage = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/),
  version: z.string().regex(/^[A-Za-z0-9.+:~-]+$/),
  architecture: z.string().regex(/^[a-z0-9-]+$/),
  size: z.int().min(1),
  sha256,
  /** The name of one of the sources, or "local" for a .deb that the spec names. */
  source: z.string().min(1),
  /** Relative to the source; for a local one relative to the spec, or its file name. */
  path: z.string().min(1),
});

const lockedSource = z.strictObject({
  name: z.string().min(1),
  suite: z.string().min(1),
  components: z.array(z.string()),
  release: z.strictObject({
    date,
    /** Digest of the InRelease (or Release) file that was read. */
    sha256,
    /**
     * Fingerprints of the primary keys that made its valid signatures; empty for a source that the spec trusts
     * unsigned.
     */
    keys: z.array(fingerprint),
    /** Present if the spec allows an expired release: the end of its validity was not checked. */
    validUntil: z.literal('unchecked').optional(),
  }),
  /** For a preset: its key file, which is in the pool, and the keys in it that may sign the source. */
  key: z.strictObject({ sha256, size: z.int().min(1), fingerprints: z.array(fingerprint).min(1) }).optional(),
});

const packageList = z.array(z.string());
const debList = z.array(z.strictObject({ name: z.string(), file: z.string(), sha256: sha256.optional() }));

/** Where a layer comes from, without credentials. */
const layerOrigin = z.strictObject({
  name: z.string().min(1),
  git: z.string().optional(),
  ref: z.string().optional(),
  archive: z.string().optional(),
  sha256: sha256.optional(),
  folder: z.string().optional(),
});

/** A layer that was fetched. */
const lockedLayer = z.strictObject({
  name: z.string().min(1),
  commit: z
    .string()
    .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
    .optional(),
  /** Digest of the layer's files, with which the pool has it. */
  tree: sha256,
  files: z.int().min(0),
  /** Of all files, in bytes. */
  size: z.int().min(0),
});

/** What the lock was made for. A lock is valid for a spec as long as the spec requires the same. */
const question = z.strictObject({
  suite: z.string(),
  architecture: z.string(),
  sources: z.array(
    z.strictObject({
      name: z.string(),
      suite: z.string(),
      components: z.array(z.string()),
      /** For a preset: the only key that may sign it. */
      signer: fingerprint.optional(),
    }),
  ),
  packages: z.strictObject({ shared: packageList, master: packageList, slave: packageList }),
  debs: z.strictObject({ master: debList, slave: debList }),
  /** The layers that are not folders of this machine, in their order. */
  layers: z.array(layerOrigin).min(1).optional(),
});

const answer = z.array(lockedPackage);

export const lockSchema = z.strictObject({
  /** 2 if it has layers, which an older ingot cannot read. */
  version: z.literal([1, 2]),
  date,
  question,
  sources: z.array(lockedSource),
  layers: z.array(lockedLayer).min(1).optional(),
  packages: z.strictObject({ shared: answer, master: answer, slave: answer }),
});

/**
 * Every input of a bake, with fixed versions. It names no host: the sources are found by their names in the spec or on
 * the machine.
 */
export type Lock = z.output<typeof lockSchema>;
export type LockedPackage = z.output<typeof lockedPackage>;
export type LockedLayer = z.output<typeof lockedLayer>;
export type LockedSource = z.output<typeof lockedSource>;
export type LockRequirements = z.output<typeof question>;
export type PackageGroup = keyof Lock['packages'];

/** The groups of packages: shared packages are unpacked once, those of a role on top of them. */
export const groups = ['shared', ...allRoles] as const satisfies readonly PackageGroup[];

/** The newest version of the format that this tool writes and reads. */
export const lockVersion = 2;

/** Returns a lock with these layers, in the oldest format that has what it holds. */
export function withLayers(lock: Lock, layers: readonly LockedLayer[]): Lock {
  const { date, question, sources, packages } = lock;
  const rest = { date, question, sources, packages };
  return layers.length === 0 ? { version: 1, ...rest } : { version: 2, ...rest, layers: [...layers] };
}

/** The source of a .deb that the spec names by file or URL. */
export const localSource = 'local';

/** Returns the name of a package in errors. */
export function packageLabel({ name, version, source }: LockedPackage): string {
  return `${name} ${version} (from ${source})`;
}

/** Returns all packages of the groups, each file once. */
export function packagesOf(lock: Lock, wanted: readonly PackageGroup[] = groups): LockedPackage[] {
  const all = wanted.flatMap((group) => lock.packages[group]);
  return [...new Map(all.map((one) => [one.sha256, one])).values()];
}

/** Returns the key files that a lock names. No bake reads them; the next lock takes them from the pool. */
export function keyFilesOf(lock: Lock): PoolFile[] {
  return lock.sources.flatMap(({ name, key }) =>
    key === undefined ? [] : [{ sha256: key.sha256, size: key.size, label: `the key of ${name}` }],
  );
}

/** Returns the date of the lock in seconds since 1970. */
export function epochOf(lock: Lock): number {
  return Date.parse(lock.date) / 1000;
}
