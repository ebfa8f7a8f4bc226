import { dayText } from '../../inputs/lock/key-text.ts';
import type { OpenPgpKey } from '../../inputs/lock/openpgp/keys.ts';
import { type Finding, found, ok } from '../finding.ts';

/** What is known about a suite of a package source. */
export interface SuiteFacts {
  /** `URL SUITE`. */
  readonly name: string;
  /** The keys that apt accepts for it. */
  readonly keys: readonly OpenPgpKey[];
  /** Fingerprints of the primary keys that have signed it; undefined if it was not read. */
  readonly signedBy: readonly string[] | undefined;
  /** How to get newer keys. */
  readonly newerKeys: string;
}

const day = 24 * 3600 * 1000;
/** A key that expires within this time is reported, so that nobody finds out when a bake fails. */
const soonMs = 60 * day;

const short = (fingerprint: string): string => `…${fingerprint.slice(-16)}`;
const lastDay = (key: OpenPgpKey): number => key.expires?.getTime() ?? Number.POSITIVE_INFINITY;

/**
 * Returns whether the keys of a suite are still good, and for how long. If it is known which keys have signed the
 * suite, only these count: a keyring has old keys as well. One good signature is enough.
 * @param now milliseconds since 1970
 */
export function judgeKeys({ name, keys, signedBy, newerKeys }: SuiteFacts, now: number): Finding {
  const counted = signedBy === undefined ? keys : keys.filter((key) => signedBy.includes(key.fingerprint));
  if (counted.length === 0)
    return found(
      'apt',
      'problem',
      keys.length === 0 ? `${name}: there is no key for it` : `${name}: no key of this host has signed it`,
      newerKeys,
    );
  const usable = counted.filter((key) => !key.revoked && lastDay(key) > now);
  const best = (usable.length > 0 ? usable : counted).reduce((one, other) =>
    lastDay(other) > lastDay(one) ? other : one,
  );
  const key = `key ${short(best.fingerprint)}`;
  if (usable.length === 0) {
    const why =
      best.revoked || best.expires === undefined
        ? `${key} was revoked by its owner`
        : `${key} has expired on ${dayText(best.expires)}`;
    return found('apt', 'problem', `${name}: ${why}`, newerKeys);
  }
  if (best.expires === undefined) return ok('apt', `${name}: ${key} does not expire`);
  const text = `${name}: ${key} expires on ${dayText(best.expires)}`;
  return lastDay(best) - now < soonMs ? found('apt', 'warning', text, newerKeys) : ok('apt', text);
}

/** The dates of a Release file. */
export interface ReleaseDates {
  readonly name: string;
  /** Milliseconds since 1970; undefined if the file has none. */
  readonly date: number | undefined;
  readonly validUntil: number | undefined;
}

/** Reads the dates of a Release file (deb-src Release format, fields Date and Valid-Until). */
export function releaseDates(name: string, text: string): ReleaseDates {
  const dateOf = (field: string): number | undefined => {
    const value = new RegExp(`^${field}: *(.+)$`, 'm').exec(text)?.[1];
    const parsed = value === undefined ? Number.NaN : Date.parse(value);
    return Number.isNaN(parsed) ? undefined : parsed;
  };
  return { name, date: dateOf('Date'), validUntil: dateOf('Valid-Until') };
}

/** A mirror's clock and ours may differ by this much. */
const toleratedMs = 10 * 60 * 1000;
const timeText = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/**
 * Compares this host's clock with the dates of Release files: a file from the future means that the clock is behind,
 * and a file whose time is over that the mirror is old or the clock ahead. apt refuses both.
 * @param now milliseconds since 1970
 */
export function judgeDates(releases: readonly ReleaseDates[], now: number): Finding[] {
  const future = releases.filter(({ date }) => date !== undefined && date > now + toleratedMs);
  const [first] = future;
  if (first?.date !== undefined)
    return [
      found(
        'clock',
        'problem',
        `the clock of this host is behind: it shows ${timeText(now)} UTC, and ${first.name} is from ${timeText(first.date)}`,
        'timedatectl set-ntp true',
      ),
    ];
  return releases.flatMap(({ name, validUntil }) =>
    validUntil !== undefined && validUntil < now
      ? [
          found(
            'apt',
            'problem',
            `${name} was valid until ${timeText(validUntil)} UTC: the mirror is old, or the clock of this host is ahead`,
            'date -u shows the clock; if it is right, name another mirror in /etc/apt/sources.list.d',
          ),
        ]
      : [],
  );
}
