import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from '../host/host.ts';
import { consoleCause, sshCause } from '../vm/boot-cause.ts';
import { consoleTail } from '../vm/guest-console.ts';
import { runOnNode } from '../vm/ssh.ts';
import { drillFailure } from './drill-failure.ts';
import type { Machine } from './machine.ts';
import { type NodeSample, parseSample } from './node-sample.ts';

export interface Follow {
  readonly machine: Machine;
  /** The text of templates/rehearse/watch.py. */
  readonly watcher: string;
  /** Stops following, because the machine is off. */
  readonly signal: AbortSignal;
  readonly onSample: (sample: NodeSample, line: string) => void;
  /** The connection ended or could not be made; the argument is the reason, or "". */
  readonly onLost: (reason: string) => void;
}

/**
 * Nothing signals when a forwarded port starts to answer, so it is polled. Polling five nodes once a second would take
 * a tenth of a processor.
 */
const pauseMs = 3000;

/** A shell script that replaces the shell with a Python program. */
export const pythonScript = (program: string): string =>
  `exec python3 -sEB - <<'INGOT_PROGRAM_END'\n${program}\nINGOT_PROGRAM_END\n`;

/**
 * Runs the watcher on a node over one connection as long as the machine is on, and reconnects when the connection
 * breaks: a booting node answers late. Other commands to the node share that connection.
 * @throws IngotError node-failed if the console shows why the node will never come up
 */
export async function follow(host: Host, options: Follow): Promise<void> {
  const { machine, signal } = options;
  const { shared, ...ssh } = machine.ssh;
  const target = shared === undefined ? ssh : { ...ssh, shared: { ...shared, open: true } };
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    // A socket that a killed connection left would prevent the next one from being shared.
    if (shared !== undefined) await rm(shared.socket, { force: true });
    const ended = await runOnNode(host, target, pythonScript(options.watcher), {
      signal,
      onLine: (line) => {
        const sample = parseSample(line);
        if (sample !== undefined) options.onSample(sample, line);
      },
    }).catch((error: unknown) => {
      if (!isOver()) throw error;
    });
    if (isOver()) return;
    const console = await consoleTail(machine.console, 30);
    const cause = consoleCause(console);
    if (cause?.final === true)
      throw drillFailure(`${machine.place.name}: ${cause.what}; its console:`, console);
    options.onLost(cause?.what ?? sshCause(ended?.stderr ?? '') ?? '');
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
