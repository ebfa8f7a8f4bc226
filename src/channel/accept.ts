import type { ErrorText } from '../host/ingot-error.ts';
import type { SeenCounter } from './seen-counter.ts';

/** How far two clocks may differ. */
const toleranceMs = 5 * 60_000;

/** The facts of a signed text that decide whether it is the newest. */
export interface Dated {
  readonly counter: number;
  readonly issuedOn: string;
  readonly expiresOn?: string;
  /** SHA-256 of the payload. */
  readonly sha256: string;
}

const day = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`;

/** Why the clock of this machine cannot be right; undefined if nothing contradicts it. */
function wrongClock(what: string, issuedOn: number, seen: SeenCounter | undefined, now: number) {
  if (issuedOn > now + toleranceMs)
    return {
      code: 'host-not-ready' as const,
      message: `${what} was signed at ${day(issuedOn)}, and the clock of this machine says ${day(now)}`,
      hint: 'correct the clock of this machine, or of the one that signed, and sign again there',
    };
  if (seen !== undefined && seen.seenOn > now + toleranceMs)
    return {
      code: 'host-not-ready' as const,
      message: `the clock of this machine says ${day(now)}, and it said ${day(seen.seenOn)} when ${what} was last read`,
      hint: 'correct the clock; docs/channels.md says what to do if it was ahead before',
    };
  return undefined;
}

/** Why a text is not the newest that was ever read; undefined if it is. */
function rolledBack(what: string, { counter, sha256 }: Dated, seen: SeenCounter | undefined) {
  if (seen === undefined || counter > seen.counter) return undefined;
  if (counter === seen.counter && sha256 === seen.sha256) return undefined;
  const both = `${what} has the number ${counter}`;
  return {
    code: 'rolled-back-channel' as const,
    message:
      counter === seen.counter
        ? `${both}, and so had another one that was read before`
        : `${both}, but number ${seen.counter} was read on ${day(seen.seenOn)}: an older one was put back`,
    hint: 'do not use it: find out who changed the store, and restore the newest files of its folder channels',
  };
}

/** Why a text is too old to be used; undefined if it is not. */
function expired(what: string, expiresOn: string | undefined, now: number) {
  if (expiresOn === undefined || now <= Date.parse(expiresOn)) return undefined;
  return {
    code: 'expired-channel' as const,
    message: `${what} expired at ${day(Date.parse(expiresOn))}: nothing shows that it is still the newest`,
    hint: 'copy the store again from where it is signed; there, ingot promote CHANNEL CHANNEL signs it for another time',
  };
}

/**
 * Why a signed text must not be used; undefined if it may. An older text is never accepted after a newer one, and none
 * that is expired, or that comes from the future.
 * @param what how a message names it
 * @param seen what was remembered of this series
 * @param now milliseconds since 1970
 * @param mayBeExpired true for whoever replaces it
 */
export function whyRefused(
  what: string,
  dated: Dated,
  { seen, now, mayBeExpired = false }: { seen: SeenCounter | undefined; now: number; mayBeExpired?: boolean },
): ErrorText | undefined {
  return (
    rolledBack(what, dated, seen) ??
    wrongClock(what, Date.parse(dated.issuedOn), seen, now) ??
    (mayBeExpired ? undefined : expired(what, dated.expiresOn, now))
  );
}
