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
  /** Relative to the source; of a local one relative to the spec, or its file name. */
  path: z.string().min(1),
});

const lockedSource = z.strictObject({
  name: z.string().min(1),
  suite: z.string().min(1),
  components: z.array(z.string()),
  release: z.strictObject({
    date,
    /** Of the InRelease (or Release) file as it was read. */
    sha256,
    /** Fingerprints of the primary keys whose signatures of it are good; none for a source that the spec trusts unsigned. */
    keys: z.array(fingerprint),
    /** Where the spec says that the release may have expired: it was not looked at until when it is valid. */
    validUntil: z.literal('unchecked').optional(),
  }),
  /** Of a preset: the file with its key, which is in the pool, and the keys of it that may sign the source. */
  key: z.strictObject({ sha256, size: z.int().min(1), fingerprints: z.array(fingerprint).min(1) }).optional(),
});

const packageList = z.array(z.string());
const debList = z.array(z.strictObject({ name: z.string(), file: z.string(), sha256: sha256.optional() }));

/** What was asked: a lock answers a spec as long as the spec asks the same. */
const question = z.strictObject({
  suite: z.string(),
  architecture: z.string(),
  sources: z.array(
    z.strictObject({
      name: z.string(),
      suite: z.string(),
      components: z.array(z.string()),
      /** Of a preset: the only key that may sign it. */
      signer: fingerprint.optional(),
    }),
  ),
  packages: z.strictObject({ shared: packageList, master: packageList, slave: packageList }),
  debs: z.strictObject({ master: debList, slave: debList }),
});

const answer = z.array(lockedPackage);

export const lockSchema = z.strictObject({
  version: z.literal(1),
  date,
  question,
  sources: z.array(lockedSource),
  packages: z.strictObject({ shared: answer, master: answer, slave: answer }),
});

/** Every input of a bake, fixed. Names no host: the sources are found by their names in the spec or on the machine. */
export type Lock = z.output<typeof lockSchema>;
export type LockedPackage = z.output<typeof lockedPackage>;
export type LockedSource = z.output<typeof lockedSource>;
export type Question = z.output<typeof question>;
export type PackageGroup = keyof Lock['packages'];

/** Where packages are: shared is unpacked once, a role's on top of it. */
export const groups = ['shared', ...allRoles] as const satisfies readonly PackageGroup[];

/** The version of the format that this tool writes and reads. */
export const lockVersion = 1;

/** The source of a .deb that the spec names by file or URL. */
export const localSource = 'local';

/** What errors call a package. */
export function packageLabel({ name, version, source }: LockedPackage): string {
  return `${name} ${version} (from ${source})`;
}

/** All packages of the groups, each file once. */
export function packagesOf(lock: Lock, wanted: readonly PackageGroup[] = groups): LockedPackage[] {
  const all = wanted.flatMap((group) => lock.packages[group]);
  return [...new Map(all.map((one) => [one.sha256, one])).values()];
}

/** The files of keys that a lock names: no bake reads them, and the next lock takes them from the pool. */
export function keyFilesOf(lock: Lock): PoolFile[] {
  return lock.sources.flatMap(({ name, key }) =>
    key === undefined ? [] : [{ sha256: key.sha256, size: key.size, label: `the key of ${name}` }],
  );
}

/** Seconds since 1970 of the lock's date. */
export function epochOf(lock: Lock): number {
  return Date.parse(lock.date) / 1000;
}
