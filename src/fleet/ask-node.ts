import { setTimeout as wait } from 'node:timers/promises';
import type { Chunks } from './answer/bounded-lines.ts';
import type { NoAnswer } from './answer/read-answer.ts';
import type { FleetNode } from './inventory/fleet-node.ts';
import type { Ask } from './sources/asking.ts';

export interface Tries {
  /** How often a node that was not reached is asked again. */
  readonly retries: number;
  /** Milliseconds before the first of these; twice as many before each that follows. */
  readonly pauseMs: number;
}

/** Why a node has no whole answer. */
export interface NotAnswered {
  readonly kind: 'unreachable' | 'partial';
  readonly why: string;
}

/** Asks a node, and again where that may help. */
export async function askNode<T extends object>(
  ask: Ask,
  node: FleetNode,
  read: (chunks: Chunks) => Promise<T | NoAnswer>,
  { retries, pauseMs, signal }: Tries & { readonly signal: AbortSignal },
): Promise<T | NotAnswered> {
  for (let tried = 0; ; tried += 1) {
    const { value, failure } = await ask(node, read, signal);
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

/** Works through a list, so many at a time; the first failure is thrown when all that had begun have ended. */
export async function eachOf<T>(
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
