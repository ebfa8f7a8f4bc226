import { allRoles, type Role } from '../inputs/plan/plan.ts';
import type { SharedHead } from './answer/head.ts';

/** What the nodes of a role are to run. */
export interface Golden {
  readonly version: string;
  /** Undefined where only the version is known. */
  readonly rootHash: string | undefined;
  readonly from:
    | { readonly kind: 'store' }
    | { readonly kind: 'asked for' }
    /** Nobody named one: it is what most run, `of` so many that answered. */
    | { readonly kind: 'majority'; readonly nodes: number; readonly of: number };
}

export type GoldenByRole = ReadonlyMap<Role, Golden>;

/** Heads and how many nodes have each. */
export type CountedHeads = Iterable<{ readonly head: SharedHead; readonly nodes: number }>;

/**
 * What most of the nodes run, for each role of which it is not known. A node whose root nothing enforces has no vote, unless no other has one.
 * Of two that are as many it is the newer version.
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
