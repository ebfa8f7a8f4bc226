import { setTimeout as wait } from 'node:timers/promises';
import type { Host, Running } from '../host/host.ts';
import type { IngotError } from '../host/ingot-error.ts';
import { consoleCause, sshCause } from './boot-cause.ts';
import { consoleTail } from './guest-console.ts';
import { nodeFailure } from './node-failure.ts';
import { runOnNode, type SshTarget } from './ssh.ts';

export interface BootWatch {
  readonly name: string;
  readonly node: Running;
  readonly ssh: SshTarget;
  /** Absolute path of the serial console's file. */
  readonly console: string;
  /** Absolute path of the file that holds QEMU's own messages. */
  readonly qemuLog: string;
  readonly limitSeconds: number;
  readonly signal?: AbortSignal;
  /** Called with the console's last line while the node boots. */
  readonly onLine?: (line: string) => void;
}

const tailLines = 30;
const qemuLines = 5;

async function bootFailed(watch: BootWatch, what: string): Promise<IngotError> {
  return nodeFailure({
    message: `${watch.name}: ${what}; the last lines of its console:`,
    console: watch.console,
    consoleLines: tailLines,
    after: (await consoleTail(watch.qemuLog, qemuLines)).map((line) => `QEMU: ${line}`),
  });
}

/**
 * Waits until the booting node answers ssh.
 * @returns milliseconds from the call
 * @throws IngotError node-failed with the end of the console if the node stops, refuses to boot or exceeds the limit
 */
export async function awaitSsh(host: Host, watch: BootWatch): Promise<number> {
  const begun = host.now();
  const ended = { yes: false };
  void watch.node.ended.then(() => {
    ended.yes = true;
  });
  for (;;) {
    watch.signal?.throwIfAborted();
    const answer = await runOnNode(host, watch.ssh, 'exit 0', { signal: watch.signal });
    if (answer.exitCode === 0) return host.now() - begun;
    const tail = await consoleTail(watch.console, tailLines);
    const cause = consoleCause(tail);
    if (cause?.final === true) throw await bootFailed(watch, cause.what);
    if (ended.yes) {
      const why = cause === undefined ? '' : `: ${cause.what}`;
      throw await bootFailed(watch, `the machine ended before it answered${why}`);
    }
    watch.onLine?.(tail.at(-1) ?? '');
    if (host.now() - begun > watch.limitSeconds * 1000) {
      const why = cause?.what ?? sshCause(answer.stderr);
      const late = `ssh did not answer within ${watch.limitSeconds} s`;
      throw await bootFailed(watch, why === undefined ? late : `${late}: ${why}`);
    }
    // Nothing signals when a forwarded port starts to answer, so it is polled.
    await wait(1000, undefined, watch.signal === undefined ? {} : { signal: watch.signal }).catch(
      () => undefined, // the signal, whose own reason is thrown above
    );
  }
}
