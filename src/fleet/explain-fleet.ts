import type { SharedHead } from './answer/head.ts';
import { type AnswerPart, type CompleteAnswer, partKey } from './answer/read-answer.ts';
import type { NodeGroup } from './judge-fleet.ts';
import type { QueryFailure } from './query-node.ts';
import { forEachParallel } from './query-node.ts';

/** The number of groups that are explained, the largest first. */
export const maxExplainedGroups = 100;
/** The number of nodes of a group that are tried until one gives its complete answer. */
const maxTried = 3;

/** The known drifts; each class and top folder is held once. */
export type DriftParts = ReadonlyMap<string, AnswerPart>;

/** The names of the parts that an answer consists of. */
export function partsOf({ tree }: SharedHead): string[] {
  return Object.keys(tree)
    .sort()
    .flatMap((driftClass) =>
      Object.entries(tree[driftClass]?.folders ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([folder, digest]) => partKey(driftClass, folder, digest)),
    );
}

export interface ExplainedGroups {
  readonly parts: DriftParts;
  /** New answers of nodes that were checked again, if they differ from their first answers. */
  readonly newer: ReadonlyMap<string, CompleteAnswer | QueryFailure>;
}

export interface ExplainOptions {
  /** Reads the complete answer of a node. */
  readonly whole: (node: string) => Promise<CompleteAnswer | QueryFailure>;
  readonly parallel: number;
}

/**
 * Explains the drift of each group from the complete answer of one of its nodes. If the trees of digests show that all
 * parts are already known from other groups, no node is read.
 */
export async function explainGroups(
  groups: readonly (NodeGroup & { readonly head: SharedHead })[],
  { whole, parallel }: ExplainOptions,
): Promise<ExplainedGroups> {
  const parts = new Map<string, AnswerPart>();
  const newer = new Map<string, CompleteAnswer | QueryFailure>();
  let open = groups.slice(0, maxExplainedGroups).map((group) => ({ group, tried: 0 }));
  while (open.length > 0) {
    const expected = new Set(parts.keys());
    const now = open.filter(({ group }) => {
      const own = partsOf(group.head);
      const needed = own.some((part) => !expected.has(part));
      for (const part of own) expected.add(part);
      return needed;
    });
    await forEachParallel(now, parallel, async (one) => {
      const node = one.group.nodes[one.tried];
      one.tried += 1;
      if (node === undefined) return;
      const answer = await whole(node);
      if ('parts' in answer) for (const [key, part] of answer.parts) parts.set(key, part);
      if (!('parts' in answer) || answer.head.digest !== one.group.head.digest) newer.set(node, answer);
    });
    open = open.filter(
      ({ group, tried }) =>
        partsOf(group.head).some((part) => !parts.has(part)) &&
        tried < Math.min(maxTried, group.nodes.length),
    );
  }
  return { parts, newer };
}
