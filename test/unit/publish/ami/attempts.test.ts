import { describe, expect, test } from 'vitest';
import {
  defaultLimits,
  GivenUp,
  type Operation,
  withAttempts,
} from '../../../../src/publish/ami/attempts.ts';
import { FakeClock } from './fake-clock.ts';

const thrown = (name: string, more: object = {}) =>
  Object.assign(new Error(`it said ${name}`), { name, ...more });

/** Runs an operation that fails in turn with these errors, then answers. */
async function run(errors: readonly Error[], more: Partial<Operation<string>> = {}) {
  const clock = new FakeClock();
  let tries = 0;
  const done = withAttempts({
    once: () => {
      const error = errors[tries];
      tries += 1;
      return error === undefined ? Promise.resolve('answer') : Promise.reject(error);
    },
    ...{ clock, limits: defaultLimits, signal: new AbortController().signal },
    ...more,
  });
  const result = await done.catch((error: unknown) => error);
  return { result, tries, seconds: clock.now() / 1000 };
}
const times = (count: number, error: Error): Error[] => Array.from({ length: count }, () => error);

describe('a request', () => {
  test('without an answer is sent five times in all', async () => {
    const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(await run(times(4, lost))).toMatchObject({ result: 'answer', tries: 5 });
    const { result, tries } = await run(times(5, lost));
    expect(result).toBeInstanceOf(GivenUp);
    expect(tries).toBe(5);
  });

  test('that AWS refuses is sent once', async () => {
    for (const name of [
      'AccessDeniedException',
      'ValidationException',
      'InvalidAMIName.Duplicate',
      'AuthFailure',
    ])
      expect((await run([thrown(name)])).tries).toBe(1);
  });

  test('that is throttled waits longer each time, and is given up after two minutes', async () => {
    const throttled = thrown('RequestThrottledException');
    expect(await run(times(12, throttled))).toMatchObject({ result: 'answer', tries: 13 });
    const { result, seconds } = await run(times(1000, throttled));
    expect(result).toMatchObject({ failure: { kind: 'throttled' } });
    expect(seconds).toBeGreaterThan(100);
    expect(seconds).toBeLessThanOrEqual(120);
  });

  test('for a snapshot that is not known yet waits up to two minutes', async () => {
    const { result, seconds } = await run(times(1000, thrown('ResourceNotFoundException')));
    expect(result).toMatchObject({ failure: { kind: 'unknown-snapshot' } });
    expect(seconds).toBeGreaterThanOrEqual(120);
    expect(seconds).toBeLessThan(130);
  });

  test('that meets a limit of the account waits for room only if it is meant to', async () => {
    const limit = thrown('ResourceLimitExceeded');
    expect((await run([limit])).tries).toBe(1);
    expect(await run(times(200, limit), { waitsForRoom: true })).toMatchObject({
      result: 'answer',
      tries: 201,
    });
  });

  test('is not sent after the work was stopped', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const { result, tries } = await run([], { signal: stop.signal });
    expect(result).toMatchObject({ message: 'stopped' });
    expect(tries).toBe(0);
  });
});
