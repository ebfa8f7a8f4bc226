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
  /** The last line that the check printed: what it saw. */
  readonly saw: string;
  readonly seconds: number;
}

export interface ChecksOptions {
  readonly nodeName: string;
  readonly ssh: SshTarget;
  readonly console: string;
  /** How many times longer than on real hardware a check may take. */
  readonly patience: number;
  readonly signal?: AbortSignal;
  readonly onCheck?: (check: Check) => void;
  /** A shell text that is run in the same connection when all checks have passed, and who hears its lines. */
  readonly last?: { readonly script: string; readonly onLine: (line: string) => void };
}

interface Asked {
  readonly check: Check;
  readonly limitSeconds: number;
  readonly begun: number;
  readonly printed: LastLines;
  /** What the node said of it last; undefined while it is asked, and for ever where the node was lost. */
  said: 'failed' | 'final' | undefined;
}

/** Of what a check prints so many lines are kept: one that prints without end does not fill the memory. */
const mostLines = 50;

async function failed(asked: Asked, stderr: string, options: ChecksOptions): Promise<IngotError> {
  const { check, limitSeconds, printed, said } = asked;
  const final = said === 'final';
  const lines = printed.lines;
  const saw = lines.at(-1) ?? '';
  const found = final
    ? `check "${check.name}" failed: ${saw === '' ? 'it printed nothing' : saw}`
    : `check "${check.name}" did not pass within ${limitSeconds} s; it printed:`;
  return nodeFailure({
    message:
      said === undefined
        ? `${options.nodeName}: the node was lost while it was asked "${check.name}"; ssh says:`
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
 * Asks a booted node every check of its role, in order and in one connection: on an emulated node each costs seconds.
 * @throws IngotError node-failed that names the check, shows what it printed and the end of the console
 */
export async function runChecks(
  host: Host,
  checks: readonly Check[],
  options: ChecksOptions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const timed = checks.map((check) => ({ check, limitSeconds: Math.ceil(check.within * options.patience) }));
  const mark = randomBytes(8).toString('hex');
  let asked: Asked | undefined;

  const begin = (): Asked | undefined => {
    const next = timed[results.length];
    if (next !== undefined) options.onCheck?.(next.check);
    return next && { ...next, begun: host.now(), printed: new LastLines(mostLines), said: undefined };
  };
  asked = begin();
  const answer = await runOnNode(host, options.ssh, checksScript(timed, mark, options.last?.script), {
    signal: options.signal,
    onLine: (line) => {
      if (asked === undefined) {
        options.last?.onLine(line);
        return;
      }
      const said = readAnswer(line, mark);
      if (said === undefined) {
        if (line.trim() !== '') asked.printed.add(line);
      } else if (said === 'passed') {
        const seconds = (host.now() - asked.begun) / 1000;
        results.push({ name: asked.check.name, saw: asked.printed.lines.at(-1) ?? '', seconds });
        asked = begin();
      } else asked.said = said;
    },
  });
  if (asked !== undefined) throw await failed(asked, answer.stderr, options);
  return results;
}
