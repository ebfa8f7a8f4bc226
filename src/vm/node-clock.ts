import { readUnitTimes, unitScript, type UnitTime } from './unit-times.ts';

/** What the clock of a booted node shows, in seconds since its kernel's clock began. */
export interface NodeClock {
  /** The time on the node when it answered (proc(5), uptime). */
  readonly uptime: number;
  /** When the kernel ran the initrd's /init; unknown if its log no longer has the line. */
  readonly initrd?: number;
  /** When systemd started. */
  readonly systemd: number;
  /** When systemd had finished all jobs of the boot. */
  readonly finished: number;
  /** The steps that the initrd finished, with their times, in order. */
  readonly marks: readonly { readonly name: string; readonly at: number }[];
  /** The units that systemd started during the boot, in the order in which it began. */
  readonly units: readonly UnitTime[];
}

/**
 * A shell script that reads the clock and prints one "NAME SECONDS" per line, the node's own time first. systemd's
 * values are microseconds of CLOCK_MONOTONIC (org.freedesktop.systemd1(5)). systemd is called only once, because a
 * D-Bus call costs an emulated node a second.
 */
export const clockScript = [
  "sed 's/ .*//; s/^/uptime /' /proc/uptime",
  "dmesg | sed -n 's/^\\[ *\\([0-9.]*\\)\\] Run .* as init process.*/initrd \\1/p' | sed 1q",
  'systemctl show --property=UserspaceTimestampMonotonic,FinishTimestampMonotonic | tr = " "',
  '[ ! -r /run/ingot/marks ] || sed "s/^/mark /" /run/ingot/marks',
  unitScript,
].join('\n');

/**
 * Reads the clock from the answer to clockScript; undefined if a required time is missing, for example because the
 * boot has not finished.
 */
export function readClock(lines: readonly string[]): NodeClock | undefined {
  const words = lines.map((line) => line.trim().split(' '));
  const number = (name: string): number | undefined => {
    const text = words.find(([first]) => first === name)?.[1];
    const value = text === undefined || text === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const uptime = number('uptime');
  const systemd = number('UserspaceTimestampMonotonic');
  const finished = number('FinishTimestampMonotonic');
  if (uptime === undefined || systemd === undefined || finished === undefined) return undefined;
  const initrd = number('initrd');
  const marks = words.flatMap(([first, name = '', at]) =>
    first === 'mark' && Number.isFinite(Number(at ?? '-')) ? [{ name, at: Number(at) }] : [],
  );
  return {
    uptime,
    ...(initrd === undefined ? {} : { initrd }),
    systemd: systemd / 1e6,
    finished: finished / 1e6,
    marks,
    units: readUnitTimes(lines).filter(({ from }) => from <= finished / 1e6),
  };
}
