import type { Chunks } from '../answer/bounded-lines.ts';
import type { FleetNode } from '../inventory/fleet-node.ts';

/** Why there is no more to come of a node. */
export interface AskFailure {
  /** One line. */
  readonly why: string;
  /** It was reached, and could not say. */
  readonly reached: boolean;
  /** Another try may do better. */
  readonly again: boolean;
}

export interface Asked<T> {
  readonly value: T;
  readonly failure?: AskFailure;
}

/**
 * Lets `read` have a node's answer as it comes; when that has seen enough, no more is asked for.
 * @throws the signal's reason
 */
export type Ask = <T>(
  node: FleetNode,
  read: (chunks: Chunks) => Promise<T>,
  signal: AbortSignal,
) => Promise<Asked<T>>;
