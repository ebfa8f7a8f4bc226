import { setTimeout as wait } from 'node:timers/promises';
import type { Chunks } from './answer/bounded-lines.ts';
import type { AnswerFailure } from './answer/read-answer.ts';
import type { FleetNode } from './inventory/fleet-node.ts';
import type { NodeQuery } from './sources/node-query.ts';

export interface RetryOptions {
  /** The number of retries for a node that was not reached. */
  readonly retries: number;
  /** Milliseconds before the first retry; the pause doubles before each further retry. */
  readonly pauseMs: number;
}

/** Why a node has no complete answer. */
export interface QueryFailure {
  readonly kind: 'unreachable' | 'partial';
  readonly why: string;
}

/** Reads the answer of a node, with retries where they may help. */
export async function queryNode<T extends object>(
  query: NodeQuery,
  node: FleetNode,
  read: (chunks: Chunks) => Promise<T | AnswerFailure>,
  { retries, pauseMs, signal }: RetryOptions & { readonly signal: AbortSignal },
): Promise<T | QueryFailure> {
  for (let tried = 0; ; tried += 1) {
    const { value, failure } = await query(node, read, signal);
    if (!('problem' in value)) return value;
    if (failure?.again === true && tried < retries) {
      await wait(pauseMs * 2 ** tried, undefined, { signal }).catch(() => {
        signal.throwIfAborted();
      });
      continue;
    }
    const { problem, nothing } = value;
    if (!nothing)
      return { kind: 'partial', why: failure === undefined ? problem : `${problem}: ${failure.why}` };
    if (failure === undefined) return { kind: 'partial', why: problem };
    return { kind: failure.reached ? 'partial' : 'unreachable', why: failure.why };
  }
}

/**
 * Processes a list, `parallel` items at a time. The first failure is thrown after all items that had begun have ended.
 */
export async function forEachParallel<T>(
  items: Iterable<T>,
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const state = { failed: false };
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true && !state.failed; next = left.next())
      try {
        await work(next.value);
      } catch (error) {
        state.failed = true;
        throw error;
      }
  };
  const ended = await Promise.allSettled(Array.from({ length: parallel }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
