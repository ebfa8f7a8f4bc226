import { z } from 'zod';
import { type Boot, bootSchema } from './boot.ts';
import { classDigest, nodeDigest, type Tree } from './digest.ts';

export const driftClasses = ['fixed', 'derived', 'forbidden', 'running'] as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().min(1).max(255);
/** What an answer of schema 1 does not say, for its ingot-drift looked at neither. */
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

/** What nodes of the same answer have in common. */
export interface SharedHead {
  readonly schema: 1 | 2;
  readonly role: string;
  readonly version: string | null;
  readonly rootHash: string | null;
  readonly verified: boolean;
  /** SHA-256 of the node's seed; null without one, undefined where the answer does not say it. */
  readonly seed: string | null | undefined;
  /** The boot partition; null without one, undefined where the answer does not say it. */
  readonly boot: Boot | null | undefined;
  readonly digest: string;
  /** How many drifts there are. */
  readonly drift: number;
  readonly tree: Tree;
}

/** The first line of a node's answer (docs/drift.md). */
export interface Head extends SharedHead {
  /** When the node looked, by its own clock; milliseconds since 1970. */
  readonly when: number;
}

/** What is wrong with a head that does not hold together; undefined if nothing is. */
function contradiction(head: z.output<typeof schema>, tree: Tree): string | undefined {
  for (const [one, { digest: said, folders }] of Object.entries(tree))
    if (classDigest(folders) !== said) return `the digest of ${one} is not that of its folders`;
  if (nodeDigest({ ...head, tree }) !== head.digest) return 'its digest does not follow from what it says';
  if ((head.drift === 0) !== (Object.keys(tree).length === 0))
    return 'its count of drifts is not that of its tree';
  if (!head.verified && head.drift === 0)
    return 'its root is not verified, and yet it says that nothing drifts';
  return undefined;
}

const knownSchemas: ReadonlySet<unknown> = new Set([1, 2]);

/** Reads the first line of an answer, which anybody may have written: the digests in it have to follow from each other. */
export function parseHead(line: string): { readonly head: Head } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: 'its first line is no JSON' };
  }
  if (typeof value === 'object' && value !== null && 'schema' in value && !knownSchemas.has(value.schema))
    return { problem: 'it answers in a form that this ingot does not know: use the ingot of its image' };
  const read = schema.safeParse(value);
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? '';
    return { problem: `its first line is not understood${where === '' ? '' : `: ${where}`}` };
  }
  const { role, version, rootHash, verified, drift, when } = read.data;
  const { seed, boot } = read.data.schema === 1 ? {} : read.data;
  const tree = read.data.tree as Tree;
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
