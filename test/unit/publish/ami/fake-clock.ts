import type { Clock } from '../../../../src/publish/ami/clock.ts';

/** A clock whose time passes only while somebody sleeps. */
export class FakeClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  /** Lets time pass without a sleep. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#now += milliseconds;
    return Promise.resolve();
  }

  random(): number {
    return 0.5;
  }
}
