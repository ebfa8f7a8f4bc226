import type { Chunks } from '../answer/bounded-lines.ts';
import type { FleetNode } from '../inventory/fleet-node.ts';

/** Why no more of a node's answer will arrive. */
export interface SourceFailure {
  /** One line. */
  readonly why: string;
  /** The node was reached but could not answer. */
  readonly reached: boolean;
  /** A retry may succeed. */
  readonly again: boolean;
}

export interface QueryResult<T> {
  readonly value: T;
  readonly failure?: SourceFailure;
}

/**
 * Passes a node's answer to `read` as it arrives. When `read` returns early, the rest is not fetched.
 * @throws the signal's reason
 */
export type NodeQuery = <T>(
  node: FleetNode,
  read: (chunks: Chunks) => Promise<T>,
  signal: AbortSignal,
) => Promise<QueryResult<T>>;
