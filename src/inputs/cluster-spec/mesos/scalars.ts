/** Why a value is wrong, and what would be right. */
export interface Fault {
  readonly message: string;
  readonly right: string;
  /** The place in the value, relative to the value itself. */
  readonly path?: readonly PropertyKey[];
}

const seconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  secs: 1,
  mins: 60,
  hrs: 3600,
  days: 86_400,
  weeks: 604_800,
};

const durations = 'a number and ns, us, ms, secs, mins, hrs, days or weeks, such as 10mins';

/**
 * Returns the seconds of a duration such as 10mins or 1.5hrs (3rdparty/stout/include/stout/duration.hpp); undefined for
 * any other text, and for a duration that Mesos cannot represent (64 bits of nanoseconds).
 */
export function durationSeconds(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const one = Object.hasOwn(seconds, unit) ? seconds[unit] : undefined;
  if (one === undefined) return undefined;
  const found = Number(number) * one;
  return found < 9.2e9 ? found : undefined;
}

export function durationFault(value: unknown): Fault | undefined {
  if (typeof value === 'string' && durationSeconds(value) !== undefined) return undefined;
  return { message: `${String(value)} is not a duration`, right: durations };
}

/** 3rdparty/stout/include/stout/bytes.hpp: whole numbers only. */
export function bytesFault(value: unknown): Fault | undefined {
  if (typeof value === 'string' && /^\d{1,12}(?:B|KB|MB|GB|TB)$/.test(value)) return undefined;
  return {
    message: `${String(value)} is not a size`,
    right: 'a whole number and B, KB, MB, GB or TB, such as 2GB',
  };
}

export function booleanFault(value: unknown): Fault | undefined {
  return typeof value === 'boolean'
    ? undefined
    : { message: `${String(value)} is neither true nor false`, right: 'true or false, without quotes' };
}

export function wholeFault(value: unknown, name: string): Fault | undefined {
  const least = name === 'max_agent_ping_timeouts' ? 1 : 0;
  return Number.isSafeInteger(value) && (value as number) >= least
    ? undefined
    : { message: `${String(value)} is not a count`, right: `a whole number, ${least} or more` };
}

/** Checks a number flag. These flags are fractions: gc_disk_headroom, allocator_agent_recovery_factor. */
export function numberFault(value: unknown): Fault | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1
    ? undefined
    : { message: `${String(value)} is not a share`, right: 'a number from 0 to 1, such as 0.1' };
}

/** src/master/main.cpp: tokens at "/", numify<int>, Duration::parse. */
export function rateFault(value: unknown): Fault | undefined {
  const [, count = '', per = ''] = (typeof value === 'string' && /^(\d{1,9})\/(.+)$/.exec(value)) || [];
  const every = durationSeconds(per);
  if (Number(count) > 0 && every !== undefined && every > 0) return undefined;
  return { message: `${String(value)} is not a rate`, right: 'agents per duration, such as 1/10mins' };
}

/** src/master/master.cpp, recovery_agent_removal_limit: ends with %, from 0 to 100. */
export function percentFault(value: unknown): Fault | undefined {
  const [, number] = (typeof value === 'string' && /^(\d{1,3}(?:\.\d+)?)%$/.exec(value)) || [];
  if (number !== undefined && Number(number) <= 100) return undefined;
  return { message: `${String(value)} is not a share`, right: 'from 0% to 100%, such as 10%' };
}

/** src/master/master.cpp, weights: role=weight pairs, each weight above 0. */
export function weightsFault(value: unknown): Fault | undefined {
  const pairs = typeof value === 'string' ? value.split(',') : [];
  if (pairs.length > 0 && pairs.every((pair) => /^[^\s=,/]+=(?!0+(?:\.0+)?$)\d+(?:\.\d+)?$/.test(pair)))
    return undefined;
  return {
    message: `${String(value)} are not weights`,
    right: 'role=weight pairs, separated by commas: web=2,batch=1',
  };
}

// The init wrapper uses what `cat` prints, and stout reads a value that begins with file:// from that file.
export function textFault(value: unknown): Fault | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string')
    return { message: 'it is not a text', right: 'a text on one line, in quotes' };
  if (text.trim() === '' || text !== text.trim() || /[\u0000-\u001f\u007f]/.test(text))
    return { message: 'it is empty, or not on one line', right: 'a text on one line' };
  return undefined;
}

const ranges: Readonly<Record<string, readonly [least: number, most: number, right: string]>> = {
  // src/master/flags.cpp, and constants.hpp: MIN_AGENT_REREGISTER_TIMEOUT.
  agent_ping_timeout: [1, 900, 'from 1secs to 15mins'],
  agent_reregister_timeout: [600, Infinity, '10mins or more'],
  // src/slave/constants.hpp: MAX_EXECUTOR_REREGISTRATION_TIMEOUT.
  executor_reregistration_timeout: [0, 15, '15secs or less'],
};

/** Checks the limits that Mesos sets for individual durations. */
export function durationRangeFault(name: string, value: string): Fault | undefined {
  const [least, most, right] = ranges[name] ?? [0, Infinity, ''];
  const found = durationSeconds(value) ?? 0;
  return found >= least && found <= most ? undefined : { message: `Mesos refuses ${name} ${value}`, right };
}
