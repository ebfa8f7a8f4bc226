import { allRoles, type Role } from '../inputs/plan/plan.ts';
import type { SharedHead } from './answer/head.ts';

/** The version that the nodes of a role should run. */
export interface Golden {
  readonly version: string;
  /** Undefined if only the version is known. */
  readonly rootHash: string | undefined;
  readonly from:
    | { readonly kind: 'store' }
    | { readonly kind: 'asked for' }
    /** No version was named: it is the one that most nodes run, out of `of` that answered. */
    | { readonly kind: 'majority'; readonly nodes: number; readonly of: number };
}

export type GoldenByRole = ReadonlyMap<Role, Golden>;

/** Heads, each with the number of nodes that have it. */
export type CountedHeads = Iterable<{ readonly head: SharedHead; readonly nodes: number }>;

/**
 * Adds the version that most nodes run, for each role without a known golden version. A node whose root is not enforced
 * has no vote, unless all nodes are such. Of two versions with equal votes the newer one wins.
 */
export function withMajority(known: GoldenByRole, heads: CountedHeads): GoldenByRole {
  const found = new Map(known);
  const all = [...heads];
  for (const role of allRoles) {
    if (found.has(role)) continue;
    const own = all.filter(({ head }) => head.role === role);
    const verified = own.filter(({ head }) => head.verified);
    const votes = new Map<string, { version: string; rootHash: string; nodes: number }>();
    for (const { head, nodes } of verified.length > 0 ? verified : own) {
      const { version, rootHash } = head;
      if (version === null || rootHash === null) continue;
      const key = `${version} ${rootHash}`;
      votes.set(key, { version, rootHash, nodes: nodes + (votes.get(key)?.nodes ?? 0) });
    }
    const [first] = [...votes].sort(([a, one], [b, other]) => other.nodes - one.nodes || (a < b ? 1 : -1));
    if (first === undefined) continue;
    const [, { version, rootHash, nodes }] = first;
    const of = own.reduce((sum, one) => sum + one.nodes, 0);
    found.set(role, { version, rootHash, from: { kind: 'majority', nodes, of } });
  }
  return found;
}
