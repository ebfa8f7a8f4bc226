import type { RehearsedPlace } from '../../src/rehearse/place.ts';

/** A machine of a model cluster. */
export interface ModelNode {
  readonly place: RehearsedPlace;
  version: string;
  seed: readonly string[];
  on: boolean;
  /** Second from which its services answer. */
  ready: number;
  stopped: boolean;
  boots: number;
  disks: number;
  /** How often its agent was made a new one. */
  agents: number;
}

/** A machine that was never switched on. */
export const newNode = (place: RehearsedPlace): ModelNode => ({
  ...{ place, version: 'v', seed: [], on: false, ready: 0 },
  ...{ stopped: false, boots: 0, disks: 0, agents: 0 },
});

/** Whether the services of a machine answer in a second. */
export const serves = (node: ModelNode, second: number): boolean =>
  node.on && !node.stopped && second >= node.ready;
