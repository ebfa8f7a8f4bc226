import { drillFailure } from './drill-failure.ts';

/**
 * Waits for work, but not for ever.
 * @throws IngotError node-failed, with `what` was not done, when the seconds are over; the reason of the signal when it is aborted
 */
export async function within(
  seconds: number,
  what: string,
  signal: AbortSignal,
  work: Promise<unknown>,
): Promise<void> {
  const tooLate = AbortSignal.timeout(seconds * 1000);
  const either = AbortSignal.any([tooLate, signal]);
  const aborted = new Promise<never>((_, reject) => {
    either.addEventListener('abort', () => {
      reject(tooLate.aborted ? drillFailure(`${what}: not within ${seconds} s`) : (signal.reason as Error));
    });
  });
  await Promise.race([work, aborted]);
}
