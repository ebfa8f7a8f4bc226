import type { Explanation } from './explanation.ts';
import type { Judgement, NodeGroup, State } from './judge-fleet.ts';
import { headKey } from './shared-heads.ts';

/** What is known of a fleet when all were asked. */
export interface FleetResult extends Judgement {
  /** How many nodes the inventory has. */
  readonly nodes: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By headKey. */
  readonly explanations: ReadonlyMap<string, Explanation>;
}

/** How many nodes are in a state. */
export function countOf({ groups }: Judgement, state: State): number {
  return groups.reduce((sum, group) => sum + (group.state === state ? group.nodes.length : 0), 0);
}

/** The explanation of a group; undefined where it has no drift, or none could be had. */
export function explanationFor({ explanations }: FleetResult, { head }: NodeGroup): Explanation | undefined {
  return head === undefined ? undefined : explanations.get(headKey(head));
}

/** Whether what a group says is no more than its nodes' own word: nothing enforces their root. */
export const isSelfReported = ({ head }: NodeGroup): boolean => head?.verified === false;
