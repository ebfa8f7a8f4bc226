import { z } from 'zod';
import { type BootPartition, bootSchema } from './boot.ts';
import { classDigest, type DigestTree, nodeDigest } from './digest.ts';

export const driftClasses = ['fixed', 'derived', 'forbidden', 'running'] as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().min(1).max(255);
/** Fields that an answer of schema 1 lacks, because its ingot-drift does not examine them. */
const sinceSchema2 = {
  seed: z.object({ sha256: digest, signedBy: name.nullable() }).nullable(),
  boot: bootSchema.nullable(),
};
const common = {
  node: z.string().max(255),
  role: name,
  version: name.nullable(),
  rootHash: name.nullable(),
  verified: z.boolean(),
  digest,
  drift: z.int().min(0).max(1_000_000),
  when: z.iso.datetime(),
  tree: z.partialRecord(z.enum(driftClasses), z.object({ digest, folders: z.record(name, digest) })),
};
const schema = z.discriminatedUnion('schema', [
  z.object({ schema: z.literal(1), ...common }),
  z.object({ schema: z.literal(2), ...common, ...sinceSchema2 }),
]);

/** The part of a head that nodes with the same answer share. */
export interface SharedHead {
  readonly schema: 1 | 2;
  readonly role: string;
  readonly version: string | null;
  readonly rootHash: string | null;
  readonly verified: boolean;
  /** SHA-256 of the node's seed; null if it has none, undefined if the answer does not report it. */
  readonly seed: string | null | undefined;
  /** The boot partition; null if it has none, undefined if the answer does not report it. */
  readonly boot: BootPartition | null | undefined;
  readonly digest: string;
  /** The number of drifts. */
  readonly drift: number;
  readonly tree: DigestTree;
}

/** The first line of a node's answer (docs/drift.md). */
export interface Head extends SharedHead {
  /** The time of the check by the node's own clock; milliseconds since 1970. */
  readonly when: number;
}

/** The contradiction in a head; undefined if it is consistent. */
function contradiction(head: z.output<typeof schema>, tree: DigestTree): string | undefined {
  for (const [one, { digest: expected, folders }] of Object.entries(tree))
    if (classDigest(folders) !== expected) return `the digest of ${one} does not match its folders`;
  if (nodeDigest({ ...head, tree }) !== head.digest) return 'its digest does not match its content';
  if ((head.drift === 0) !== (Object.keys(tree).length === 0))
    return 'its count of drifts does not match its tree';
  if (!head.verified && head.drift === 0) return 'its root is not verified, but it reports no drift';
  return undefined;
}

const knownSchemas: ReadonlySet<unknown> = new Set([1, 2]);

/** Parses the first line of an answer. It may be forged, so the digests in it must be consistent. */
export function parseHead(line: string): { readonly head: Head } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: 'its first line is not JSON' };
  }
  if (typeof value === 'object' && value !== null && 'schema' in value && !knownSchemas.has(value.schema))
    return {
      problem:
        'its answer has a format that this version of ingot does not know: use the version that baked its image',
    };
  const read = schema.safeParse(value);
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? '';
    return { problem: `its first line is not understood${where === '' ? '' : `: ${where}`}` };
  }
  const { role, version, rootHash, verified, drift, when } = read.data;
  const { seed, boot } = read.data.schema === 1 ? {} : read.data;
  const tree = read.data.tree as DigestTree;
  const wrong = contradiction(read.data, tree);
  if (wrong !== undefined) return { problem: wrong };
  return {
    head: {
      schema: read.data.schema,
      role,
      version,
      rootHash,
      verified,
      seed: seed === null ? null : seed?.sha256,
      boot,
      digest: read.data.digest,
      drift,
      when: Date.parse(when),
      tree,
    },
  };
}
