/** When systemd started a unit. */
export interface UnitTime {
  /** "zookeeper.service". */
  readonly name: string;
  /** Seconds: when systemd began to start it. */
  readonly from: number;
  /** Seconds until systemd had started it; missing if that was not seen. */
  readonly seconds?: number;
  /** Whether systemd reported that it could not be started. */
  readonly failed?: true;
}

const began = ['Starting', 'Mounting'];
const ended = ['Started', 'Finished', 'Mounted', 'Listening on', 'Reached target', 'Failed to start'];

/**
 * A shell script that prints "unit SECONDS MESSAGE" for what systemd reported about units in this boot, in seconds of
 * CLOCK_MONOTONIC: from the kernel's log until systemd's own journal runs, then from the journal. This is what
 * systemd-analyze(1) shows as well, but it would call systemd for each unit, and one call costs an emulated node a
 * second.
 */
export const unitScript = [
  `words='${[...began, ...ended].join('\\|')}'`,
  'dmesg | sed -n "s/^\\[ *\\([0-9.]*\\)\\] systemd\\[1\\]: \\(\\($words\\) .*\\)/unit \\1 \\2/p"',
  'journalctl --boot --no-pager --output=short-monotonic _PID=1 2>/dev/null | ' +
    'sed -n "s/^\\[ *\\([0-9.]*\\)\\] [^ ]* systemd\\[1\\]: \\(\\($words\\) .*\\)/unit \\1 \\2/p"',
].join('\n');

const line = new RegExp(
  `^unit ([0-9.]+) (${[...began, ...ended].join('|')}) (\\S+?\\.(?:service|mount|socket|target))(?=[ .]|$)`,
);

/**
 * Reads the answer to unitScript; of a unit that was started more than once, the first start counts.
 * @returns units in the order in which systemd began to start them
 */
export function readUnitTimes(lines: readonly string[]): UnitTime[] {
  const events = lines
    .flatMap((text) => {
      const [, at, what = '', name = ''] = line.exec(text.trim()) ?? [];
      return at === undefined ? [] : [{ at: Number(at), what, name }];
    })
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at);
  const units = new Map<string, UnitTime>();
  for (const { at, what, name } of events) {
    const known = units.get(name);
    const failed = what === 'Failed to start' ? ({ failed: true } as const) : {};
    if (began.includes(what)) units.set(name, known ?? { name, from: at });
    else if (known === undefined) units.set(name, { name, from: at, seconds: 0, ...failed });
    else if (known.seconds === undefined) units.set(name, { ...known, seconds: at - known.from, ...failed });
  }
  return [...units.values()].sort((a, b) => a.from - b.from);
}
