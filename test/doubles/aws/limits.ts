import { Refusal } from './refusal.ts';

/** Counts events in the last second. */
export class SecondWindow {
  readonly #times: number[] = [];
  #begin = 0;
  /** The most events that were in any window of one second. */
  most = 0;

  /** Adds an event if that does not exceed the limit; returns whether it was added. */
  add(now: number, limit: number): boolean {
    while (this.#begin < this.#times.length && (this.#times[this.#begin] ?? 0) <= now - 1000)
      this.#begin += 1;
    if (this.#begin > 10_000) this.#times.splice(0, this.#begin, ...[]);
    if (this.#begin > 10_000) this.#begin = 0;
    const inside = this.#times.length - this.#begin + 1;
    if (inside > limit) return false;
    this.#times.push(now);
    this.most = Math.max(this.most, inside);
    return true;
  }
}

/** Limits of AWS ("Quotas for EBS direct APIs", "Amazon EBS endpoints and quotas", read 2026-11). */
export const quotas = {
  putsPerSnapshot: 1000,
  putsPerAccount: 1000,
  startsPerSecond: 10,
  completesPerSecond: 10,
  pendingSnapshots: 100,
  copiesAtOnce: 20,
} as const;

/** Refuses what comes too fast. */
export class RateLimits {
  readonly #windows = new Map<string, SecondWindow>();
  throttled = 0;

  require(name: string, now: number, limit: number, reason: string): void {
    const window = this.#windows.get(name) ?? new SecondWindow();
    this.#windows.set(name, window);
    if (window.add(now, limit)) return;
    this.throttled += 1;
    throw new Refusal(
      'RequestThrottledException',
      'The number of API requests has exceeded the maximum allowed.',
      {
        reason,
      },
    );
  }

  /** The most in any second for one name. */
  most(name: string): number {
    return this.#windows.get(name)?.most ?? 0;
  }
}
