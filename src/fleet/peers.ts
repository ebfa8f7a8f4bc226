import { otherSlots } from './answer/boot.ts';
import type { SharedHead } from './answer/head.ts';
import type { CountedHeads } from './golden.ts';

/** The seed that the nodes of a fleet should run. */
export type ExpectedSeed =
  /** SHA-256 of each named seed, one for each cluster. */
  | { readonly kind: 'asked for'; readonly digests: readonly string[] }
  /** No seed was named: it is the one that most nodes run, `nodes` of the `of` that report theirs. */
  | { readonly kind: 'majority'; readonly digest: string; readonly nodes: number; readonly of: number };

/** What nodes are compared with besides their golden root. */
export interface Peers {
  /** Undefined if no node reports its seed and none was named. */
  readonly seed: ExpectedSeed | undefined;
  /**
   * Id of a boot partition, which all disks of one image share → digest of GRUB's programs on most of these disks; null
   * if two digests are equally common.
   */
  readonly loaders: ReadonlyMap<string, string | null>;
  /**
   * Root hashes whose ingot-drift reports seed and boot partition. A node with one of them that does not report both is
   * not what it claims.
   */
  readonly saying: ReadonlySet<string>;
  /** ROLE/VERSION of the store → root hash. */
  readonly knownRoots: ReadonlyMap<string, string>;
}

/** Counts nodes by a text. Nodes whose root is not enforced have no vote. */
function votes(heads: CountedHeads, textOf: (head: SharedHead) => string | undefined): Map<string, number> {
  const found = new Map<string, number>();
  for (const { head, nodes } of heads) {
    const text = head.verified ? textOf(head) : undefined;
    if (text !== undefined) found.set(text, nodes + (found.get(text) ?? 0));
  }
  return found;
}

const byVotes = (found: ReadonlyMap<string, number>): [string, number][] =>
  [...found].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));

function expectedSeed(heads: CountedHeads, namedSeeds: readonly string[]): ExpectedSeed | undefined {
  if (namedSeeds.length > 0) return { kind: 'asked for', digests: namedSeeds };
  const found = byVotes(votes(heads, ({ seed }) => seed ?? undefined));
  const [first] = found;
  if (first === undefined) return undefined;
  const of = found.reduce((sum, [, nodes]) => sum + nodes, 0);
  return { kind: 'majority', digest: first[0], nodes: first[1], of };
}

function loadersOf(heads: CountedHeads): Map<string, string | null> {
  const found = new Map<string, string | null>();
  const all = votes(heads, ({ boot }) => (boot?.loader ? `${boot.esp} ${boot.loader}` : undefined));
  const most = new Map<string, number>();
  for (const [text, nodes] of byVotes(all)) {
    const [esp = '', loader = ''] = text.split(' ');
    if (!found.has(esp)) found.set(esp, loader);
    else if (most.get(esp) === nodes) found.set(esp, null);
    most.set(esp, Math.max(nodes, most.get(esp) ?? 0));
  }
  return found;
}

/**
 * What the nodes of a fleet are compared with.
 * @param namedSeeds SHA-256 of the seeds that the user named
 */
export function peersOf(
  heads: CountedHeads,
  namedSeeds: readonly string[],
  knownRoots: ReadonlyMap<string, string>,
): Peers {
  const all = [...heads];
  const saying = new Set(all.flatMap(({ head }) => (head.schema > 1 ? [head.rootHash ?? ''] : [])));
  return { seed: expectedSeed(all, namedSeeds), loaders: loadersOf(all), saying, knownRoots };
}

/** How a node's seed differs; undefined if it does not differ, or if the node's ingot-drift does not report it. */
export function otherSeed(
  { seed, schema, rootHash }: SharedHead,
  { seed: expected, saying }: Peers,
): string | undefined {
  if (schema === 1 && saying.has(rootHash ?? ''))
    return 'it does not report its seed, but others with the same root do';
  if (seed === undefined || expected === undefined) return undefined;
  const right = expected.kind === 'asked for' ? expected.digests : [expected.digest];
  if (seed !== null && right.includes(seed)) return undefined;
  const than =
    expected.kind === 'asked for' ? 'than --seed names' : `than ${expected.nodes} of ${expected.of} nodes`;
  return seed === null ? 'it has no seed' : `it runs another seed (${seed.slice(0, 12)}…) ${than}`;
}

/**
 * How a node's boot partition differs from those of nodes with the same disk image and from the store; undefined if it
 * does not differ or is not known.
 */
export function otherBoot({ boot, role }: SharedHead, { loaders, knownRoots }: Peers): string | undefined {
  if (boot === undefined || boot === null) return undefined;
  const loader = loaders.get(boot.esp);
  const found = [
    ...(loader === null ? ['nodes with the same disk image have different boot loaders'] : []),
    ...(typeof loader === 'string' && boot.loader !== null && boot.loader !== loader
      ? ['its boot loader differs from that of nodes with the same disk image']
      : []),
    ...otherSlots(boot).flatMap(({ slot, version, rootHash }) => {
      const known = knownRoots.get(`${role}/${version}`);
      return known === undefined || known === rootHash
        ? []
        : [`slot ${slot} holds ${version} with a root hash that differs from the store’s`];
    }),
  ];
  return found.length === 0 ? undefined : found.join('; ');
}
