import { setTimeout as wait } from 'node:timers/promises';
import type { NodeQuery } from '../fleet/sources/node-query.ts';
import type { NodeCommandEnd } from '../fleet/sources/run-on-fleet-node.ts';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { WaveNode } from './wave-share.ts';

/** How the nodes of a wave are reached. */
export interface WaveTools {
  readonly host: Host;
  /** Absolute path of the store. */
  readonly out: string;
  readonly query: NodeQuery;
  /** Runs a command on a node as root. */
  readonly run: (node: WaveNode, command: readonly string[], timeoutMs: number) => Promise<NodeCommandEnd>;
  /** The number of nodes that are checked at once. */
  readonly parallel: number;
  /** Milliseconds between two looks at a node that restarts. */
  readonly pauseMs: number;
  /** How long a node may take to restart and to confirm a version, in milliseconds. */
  readonly settleMs: number;
  readonly progress: ProgressStage;
  readonly signal: AbortSignal;
}

/** The error that ends a wave; what was moved until then stays. */
export function waveStopped(message: string, excerpt: readonly string[], hint: string): IngotError {
  return new IngotError({ code: 'wave-stopped', message, excerpt, hint });
}

/**
 * Looks again and again until there is a result.
 * @returns undefined if there was none in time
 */
export async function pollUntil<T>(
  { host, pauseMs, settleMs, signal }: WaveTools,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const begun = host.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (host.now() - begun > settleMs) return undefined;
    await wait(pauseMs, undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  }
}
