import { IngotError } from '../errors/ingot-error.ts';
import { consoleTail } from '../host/guest-console.ts';
import type { Host } from '../host/host.ts';
import type { Check } from '../plan/plan.ts';
import { askNode, type SshTarget } from './ssh.ts';

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
}

const delimiter = 'INGOT_CHECK_END';

/**
 * Asks the node itself to repeat the check until it passes or its time is up, so that one question crosses the wire.
 * Each try is ended when the time is up (timeout(1), status 124), and at least one is made.
 */
function repeating(check: Check, limitSeconds: number): string {
  return [
    `check=$(cat <<'${delimiter}'\n${check.run}\n${delimiter}\n)`,
    'now() { cut -d. -f1 /proc/uptime; }',
    `deadline=$(($(now) + ${limitSeconds}))`,
    'while :; do',
    '  left=$((deadline - $(now)))',
    '  [ "$left" -gt 0 ] || left=1',
    '  status=0',
    '  out=$(timeout --kill-after=5 "$left" /bin/sh -c "$check" 2>&1 </dev/null) || status=$?',
    '  [ "$status" -ne 0 ] || { printf "%s\\n" "$out"; exit 0; }',
    '  [ "$(now)" -lt "$deadline" ] || break',
    '  sleep 1',
    'done',
    'printf "%s\\n" "$out"',
    '[ "$status" -ne 124 ] || echo "(it was still running when its time was up)"',
    'exit 1',
  ].join('\n');
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

// ssh(1): the status of ssh itself, when it could not ask; a check's own is 0 or 1.
const sshFailed = 255;

/**
 * Asks a booted node every check of its role, in order.
 * @throws IngotError check-failed that names the check, shows what it printed and the end of the console
 */
export async function runChecks(
  host: Host,
  checks: readonly Check[],
  options: ChecksOptions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    options.onCheck?.(check);
    const begun = host.now();
    const limit = Math.ceil(check.within * options.patience);
    const answer = await askNode(host, options.ssh, repeating(check, limit), options.signal);
    const printed = lines(answer.stdout);
    if (answer.exitCode !== 0) {
      throw new IngotError({
        code: 'check-failed',
        message:
          answer.exitCode === sshFailed
            ? `${options.nodeName}: the node was lost while it was asked "${check.name}"; ssh says:`
            : `${options.nodeName}: check "${check.name}" did not pass within ${limit} s; it printed:`,
        excerpt: [
          ...printed.slice(-20),
          ...lines(answer.stderr).slice(-5),
          '--- the last lines of the console:',
          ...(await consoleTail(options.console, 15)),
        ],
        hint: `the check runs on the node: ${check.run}\nthe whole console: ${options.console}`,
      });
    }
    results.push({ name: check.name, saw: printed.at(-1) ?? '', seconds: (host.now() - begun) / 1000 });
  }
  return results;
}
