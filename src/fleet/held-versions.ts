import { setMaxListeners } from 'node:events';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { otherSlots } from './answer/boot.ts';
import { readHead } from './answer/read-answer.ts';
import type { FleetNode } from './inventory/fleet-node.ts';
import { forEachParallel, queryNode } from './query-node.ts';
import type { NodeQuery } from './sources/node-query.ts';

export interface HeldRequest {
  readonly nodes: readonly FleetNode[];
  readonly query: NodeQuery;
  /** The number of nodes that are checked at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
}

/**
 * The versions that nodes run or have in their other slot, as "ROLE/VERSION" with a node that holds it. How old an
 * answer is does not matter.
 * @throws IngotError unknown-nodes if a node does not answer, because it is not known then what it holds
 */
export async function heldVersions(
  { nodes, query, parallel, signal }: HeldRequest,
  progress: ProgressStage,
): Promise<Map<string, string>> {
  setMaxListeners(parallel * 2 + 10, signal);
  const held = new Map<string, string>();
  const silent: string[] = [];
  await progress.stage(`ask ${nodes.length} nodes`, () =>
    forEachParallel(nodes, parallel, async (node) => {
      const answer = await queryNode(query, node, readHead, { retries: 1, pauseMs: 1000, signal });
      if (!('head' in answer)) {
        silent.push(`${node.name}: ${answer.why}`);
        return;
      }
      const { role, version, boot } = answer.head;
      const others = boot === undefined || boot === null ? [] : otherSlots(boot).map((one) => one.version);
      for (const name of version === null ? others : [version, ...others])
        held.set(`${role}/${name}`, `${node.name} has it`);
    }),
  );
  if (silent.length === 0) return held;
  throw new IngotError({
    code: 'unknown-nodes',
    message: `no version was removed: ${silent.length} of ${nodes.length} nodes do not say which they have:`,
    excerpt: silent.sort().slice(0, 10),
    hint: 'run ingot drift on the inventory, or remove nodes from it that no longer exist',
  });
}
