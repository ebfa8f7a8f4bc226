import { drillFailure } from './drill-failure.ts';

/**
 * Waits for work, with a time limit.
 * @throws IngotError node-failed that names `what`, if the seconds are over; the signal's reason if it is aborted
 */
export async function withTimeLimit(
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
