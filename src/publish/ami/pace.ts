import type { Clock } from './clock.ts';

/**
 * Blocks for each second. The limit of AWS is 1,000 for each snapshot ("Quotas for EBS direct APIs"); requests that
 * were sent within a second may arrive within a shorter time, at most all that are open more.
 */
export const blocksPerSecond = 900;

/** Lets starts through one by one, never faster than the rate; time that was not used is lost. */
export class Pace {
  readonly #clock: Clock;
  readonly #gap: number;
  #next = 0;

  /** @param perSecond the most starts in a second */
  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#gap = 1000 / perSecond;
  }

  /** Resolves when the next start is due. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    // A few milliseconds may be made up for: a timer of Node.js is never early, and often late.
    const due = Math.max(this.#next, now - 20);
    this.#next = due + this.#gap;
    if (due > now) await this.#clock.sleep(Math.ceil(due - now), signal);
  }
}
