import type { Explanation } from './explanation.ts';
import type { Judgement, NodeGroup, NodeState } from './judge-fleet.ts';
import { headKey } from './shared-heads.ts';

/** The result of checking all nodes of a fleet. */
export interface FleetResult extends Judgement {
  /** The number of nodes in the inventory. */
  readonly nodes: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By headKey. */
  readonly explanations: ReadonlyMap<string, Explanation>;
}

/** The number of nodes in a state. */
export function countOf({ groups }: Judgement, state: NodeState): number {
  return groups.reduce((sum, group) => sum + (group.state === state ? group.nodes.length : 0), 0);
}

/** The explanation of a group; undefined if it has no drift or could not be explained. */
export function explanationFor({ explanations }: FleetResult, { head }: NodeGroup): Explanation | undefined {
  return head === undefined ? undefined : explanations.get(headKey(head));
}

/** Whether a group's answers rest only on the nodes' own reports, because nothing enforces their root. */
export const isSelfReported = ({ head }: NodeGroup): boolean => head?.verified === false;
