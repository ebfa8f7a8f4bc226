import { setMaxListeners } from 'node:events';
import { type AwsFailure, awsFailure } from './aws-failure.ts';
import type { Clock } from './clock.ts';

/** Limits of time and number for one operation. */
export interface Limits {
  /** How often a request is sent that got no answer, or an error of the service. */
  readonly attempts: number;
  /** For one attempt, in milliseconds. */
  readonly attemptMs: number;
  /** For all attempts together and the pauses between them, in milliseconds. */
  readonly operationMs: number;
  /** How long AWS may not know a snapshot that it has just begun, in milliseconds. */
  readonly unknownSnapshotMs: number;
}

/**
 * From outside of AWS, connections stall for good without limits (awslabs/coldsnap#437); a new snapshot is unknown for up
 * to two minutes (awslabs/coldsnap#43).
 */
export const defaultLimits: Limits = {
  attempts: 5,
  attemptMs: 20_000,
  operationMs: 120_000,
  unknownSnapshotMs: 120_000,
};

/** One operation: how it is sent once, and what repeating it needs. */
export interface Operation<T> {
  readonly once: (signal: AbortSignal) => Promise<T>;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Resolves when this attempt may be sent; this does not count as a part of it. */
  readonly turn?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Wait as long as it takes when a limit of the account is reached. */
  readonly waitsForRoom?: boolean;
  /** Called before each pause. */
  readonly onRetry?: ((failure: AwsFailure, pauseMs: number) => void) | undefined;
  /** Called with the milliseconds of each attempt that got an answer. */
  readonly onAnswer?: ((milliseconds: number) => void) | undefined;
}

/** An operation of AWS that was given up. */
export class GivenUp extends Error {
  readonly failure: AwsFailure;
  readonly tries: number;

  constructor(failure: AwsFailure, tries: number, cause: unknown) {
    super(`${failure.name}: ${failure.message}`, { cause });
    this.failure = failure;
    this.tries = tries;
  }
}

const roomPauseMs = 30_000;

/** Runs one attempt with its own time limit. AbortSignal.any would keep each attempt until the long signal is gone. */
async function oneAttempt<T>({ once, signal }: Operation<T>, milliseconds: number): Promise<T> {
  const attempt = new AbortController();
  const stop = (): void => {
    attempt.abort(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => {
    attempt.abort(new Error(`no answer within ${Math.round(milliseconds / 1000)} s`));
  }, milliseconds);
  try {
    return await once(attempt.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** The pause before the next try: doubled each time, and spread, so that many workers do not return at once. */
function pauseMs(clock: Clock, tries: number, mostMs: number): number {
  return Math.round(Math.min(mostMs, 100 * 2 ** tries) * (0.5 + clock.random() / 2));
}

/**
 * The only loop that repeats requests to AWS; those of the SDK are off.
 * @returns the answer
 * @throws GivenUp with the last failure; the reason of the signal when that is aborted
 */
export async function withAttempts<T>(operation: Operation<T>): Promise<T> {
  const { clock, limits, signal, onRetry, onAnswer } = operation;
  // Many requests at once stop with the same signal.
  setMaxListeners(0, signal);
  const began = clock.now();
  let lost = 0;
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    await operation.turn?.(signal);
    const sent = clock.now();
    try {
      const answer = await oneAttempt(operation, limits.attemptMs);
      onAnswer?.(clock.now() - sent);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const now = clock.now();
      const failure = awsFailure(error, now);
      const { kind } = failure;
      if (kind === 'transient' || kind === 'damaged') lost += 1;
      else onAnswer?.(now - sent);
      const passed = now - began;
      const again: Partial<Record<typeof kind, number | false>> = {
        transient: lost < limits.attempts && pauseMs(clock, lost, 5000),
        damaged: lost < limits.attempts && pauseMs(clock, lost, 1000),
        throttled: pauseMs(clock, tries, 5000),
        'unknown-snapshot': passed < limits.unknownSnapshotMs && pauseMs(clock, tries + 2, 5000),
        limit: operation.waitsForRoom === true && roomPauseMs,
      };
      const pause = again[kind] ?? false;
      const waits = kind === 'limit' || kind === 'unknown-snapshot';
      if (pause === false || (!waits && passed + pause > limits.operationMs))
        throw new GivenUp(failure, tries, error);
      onRetry?.(failure, pause);
      await clock.sleep(pause, signal);
    }
  }
}
