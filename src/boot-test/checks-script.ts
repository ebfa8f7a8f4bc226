import type { Check } from '../inputs/plan/plan.ts';

/** A check and the seconds within which it must pass on this node. */
export interface TimedCheck {
  readonly check: Check;
  readonly limitSeconds: number;
}

const delimiter = 'INGOT_CHECK_END';

/**
 * The exit status by which a check reports that its result is final, so that the node does not repeat the check.
 * Programs do not use this status themselves: systemctl is-active uses 3, sysexits(3) 64 to 78, curl(1) up to 101,
 * timeout(1) 124 to 127 and a shell 126 and above.
 */
const finalStatus = 120;

/** The result of a check as the node reports it. */
export type CheckAnswer = 'passed' | 'failed' | 'final';
const words: readonly CheckAnswer[] = ['passed', 'failed', 'final'];

const scriptOf = ({ check, limitSeconds }: TimedCheck): string =>
  [`ask ${limitSeconds} "$(cat <<'${delimiter}'`, check.run, delimiter, ')"'].join('\n');

/**
 * Makes a shell script with which a node repeats each check until it passes, reports a final result (exit status 120)
 * or its time is up. One round trip then suffices for all checks.
 * Each attempt is ended when the time is up (timeout(1), status 124); every check is attempted at least once. After a
 * check's output follows one line with the mark. The first check that does not pass ends the script with status 1.
 * @param mark a word that no check prints; readAnswer finds the result lines by it
 * @param last shell script that runs after all checks have passed
 */
export function checksScript(checks: readonly TimedCheck[], mark: string, last = ''): string {
  return [
    'now() { cut -d. -f1 /proc/uptime; }',
    'ask() {',
    '  deadline=$(($(now) + $1))',
    '  while :; do',
    '    left=$((deadline - $(now)))',
    '    [ "$left" -gt 0 ] || left=1',
    '    status=0',
    '    out=$(timeout --kill-after=5 "$left" /bin/sh -c "$2" 2>&1 </dev/null) || status=$?',
    `    [ "$status" -ne 0 ] || { printf "%s\\n%s passed\\n" "$out" ${mark}; return 0; }`,
    `    [ "$status" -ne ${finalStatus} ] || { printf "%s\\n%s final\\n" "$out" ${mark}; exit 1; }`,
    '    [ "$(now)" -lt "$deadline" ] || break',
    '    sleep 1',
    '  done',
    '  printf "%s\\n" "$out"',
    '  [ "$status" -ne 124 ] || echo "(it was still running when its time was up)"',
    `  echo ${mark} failed`,
    '  exit 1',
    '}',
    ...checks.map(scriptOf),
    last,
    'exit 0',
  ].join('\n');
}

/**
 * Reads the result of the current check from a line of the node's output; undefined if the check itself printed the
 * line.
 */
export function readAnswer(line: string, mark: string): CheckAnswer | undefined {
  const [first, word] = line.split(' ');
  return first === mark ? words.find((one) => one === word) : undefined;
}
