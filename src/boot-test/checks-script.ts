import type { Check } from '../inputs/plan/plan.ts';

/** A check and the seconds within which it must pass on this node. */
export interface TimedCheck {
  readonly check: Check;
  readonly limitSeconds: number;
}

const delimiter = 'INGOT_CHECK_END';

/**
 * The exit status with which a check says that its answer cannot change any more, so that it is not asked again. No status that programs
 * give by themselves: systemctl is-active has 3, sysexits(3) 64 to 78, curl(1) up to 101, timeout(1) 124 to 127, a shell 126 and more.
 */
const finalStatus = 120;

/** What a node's answer says of a check. */
export type CheckAnswer = 'passed' | 'failed' | 'final';
const words: readonly CheckAnswer[] = ['passed', 'failed', 'final'];

const asking = ({ check, limitSeconds }: TimedCheck): string =>
  [`ask ${limitSeconds} "$(cat <<'${delimiter}'`, check.run, delimiter, ')"'].join('\n');

/**
 * A shell text with which a node repeats each check until it passes, says that its answer is final (exit status 120) or its time is up, so that
 * all questions cross the wire at once.
 * Each try is ended when the time is up (timeout(1), status 124), and at least one is made. After what a check printed comes one line with
 * the mark; the first check that does not pass ends the text with status 1.
 * @param mark what no check prints: readAnswer finds the lines by it
 * @param last shell text that runs when all have passed
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
    ...checks.map(asking),
    last,
    'exit 0',
  ].join('\n');
}

/** What a line of the node's answer says of the check that is asked; undefined if the check printed it. */
export function readAnswer(line: string, mark: string): CheckAnswer | undefined {
  const [first, word] = line.split(' ');
  return first === mark ? words.find((one) => one === word) : undefined;
}
