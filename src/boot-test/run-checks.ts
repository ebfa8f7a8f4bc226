import { randomBytes } from 'node:crypto';
import type { Host } from '../host/host.ts';
import type { IngotError } from '../host/ingot-error.ts';
import { LastLines } from '../host/last-lines.ts';
import type { Check } from '../inputs/plan/plan.ts';
import { nodeFailure } from '../vm/node-failure.ts';
import { runOnNode, type SshTarget } from '../vm/ssh.ts';
import { checksScript, readAnswer } from './checks-script.ts';

export interface CheckResult {
  readonly name: string;
  /** The last line that the check printed. */
  readonly saw: string;
  readonly seconds: number;
}

export interface ChecksOptions {
  readonly nodeName: string;
  readonly ssh: SshTarget;
  readonly console: string;
  /** Factor by which a check may take longer than on real hardware. */
  readonly patience: number;
  readonly signal?: AbortSignal;
  readonly onCheck?: (check: Check) => void;
  /**
   * A shell script that runs in the same connection after all checks have passed, and the callback that gets its lines.
   */
  readonly last?: { readonly script: string; readonly onLine: (line: string) => void };
}

interface RunningCheck {
  readonly check: Check;
  readonly limitSeconds: number;
  readonly begun: number;
  readonly printed: LastLines;
  /** The result that the node reported; undefined while the check runs, and for good if the node was lost. */
  reported: 'failed' | 'final' | undefined;
}

/** The number of lines kept of a check's output, so that a check that prints endlessly does not fill the memory. */
const maxLines = 50;

async function failed(current: RunningCheck, stderr: string, options: ChecksOptions): Promise<IngotError> {
  const { check, limitSeconds, printed, reported } = current;
  const final = reported === 'final';
  const lines = printed.lines;
  const saw = lines.at(-1) ?? '';
  const found = final
    ? `check "${check.name}" failed: ${saw === '' ? 'it printed nothing' : saw}`
    : `check "${check.name}" did not pass within ${limitSeconds} s; it printed:`;
  return nodeFailure({
    message:
      reported === undefined
        ? `${options.nodeName}: the node was lost during check "${check.name}"; ssh says:`
        : `${options.nodeName}: ${found}`,
    excerpt: [
      ...(final ? lines.slice(-21, -1) : lines.slice(-20)),
      ...stderr
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-5),
      '--- the last lines of the console:',
    ],
    console: options.console,
    consoleLines: 15,
    hint: `the check runs on the node: ${check.run}`,
  });
}

/**
 * Runs all checks of a role on a booted node, in order and over one connection. On an emulated node each connection
 * costs seconds.
 * @throws IngotError node-failed that names the check and shows its output and the end of the console
 */
export async function runChecks(
  host: Host,
  checks: readonly Check[],
  options: ChecksOptions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const timed = checks.map((check) => ({ check, limitSeconds: Math.ceil(check.within * options.patience) }));
  const mark = randomBytes(8).toString('hex');
  let current: RunningCheck | undefined;

  const begin = (): RunningCheck | undefined => {
    const next = timed[results.length];
    if (next !== undefined) options.onCheck?.(next.check);
    return next && { ...next, begun: host.now(), printed: new LastLines(maxLines), reported: undefined };
  };
  current = begin();
  const answer = await runOnNode(host, options.ssh, checksScript(timed, mark, options.last?.script), {
    signal: options.signal,
    onLine: (line) => {
      if (current === undefined) {
        options.last?.onLine(line);
        return;
      }
      const reported = readAnswer(line, mark);
      if (reported === undefined) {
        if (line.trim() !== '') current.printed.add(line);
      } else if (reported === 'passed') {
        const seconds = (host.now() - current.begun) / 1000;
        results.push({ name: current.check.name, saw: current.printed.lines.at(-1) ?? '', seconds });
        current = begin();
      } else current.reported = reported;
    },
  });
  if (current !== undefined) throw await failed(current, answer.stderr, options);
  return results;
}
