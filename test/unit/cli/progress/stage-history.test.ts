import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  expectedSeconds,
  historyKey,
  type StageHistory,
  withRun,
} from '../../../../src/cli/progress/stage-history.ts';

const runsOf = (...values: number[]): StageHistory =>
  values.reduce<StageHistory>((history, one) => withRun(history, new Map([['verify', one]])), {});

describe('the time that a stage is expected to take', () => {
  test('is unknown for a stage that never ran on this host', () => {
    expect(expectedSeconds({}, ['verify'])).toBeUndefined();
    expect(expectedSeconds(runsOf(3), ['verif'])).toBeUndefined();
  });

  test('is the median of the last five runs: one slow run does not spoil it, and old ones are forgotten', () => {
    expect(expectedSeconds(runsOf(10, 10, 500), ['verify'])).toBe(10);
    expect(expectedSeconds(runsOf(1, 1, 1, 1, 1, 20, 20, 20, 20, 20), ['verify'])).toBe(20);
  });

  test('is that of the same work, because less work is sooner done; else that of the latest other work', () => {
    const whole = historyKey(['compose'], ['tree master', 'tree slave']);
    const half = historyKey(['compose'], ['tree slave']);
    const history = withRun(withRun({}, new Map([[whole, 100]])), new Map([[half, 30]]));
    expect(expectedSeconds(history, ['compose'], ['tree slave', 'tree master'])).toBe(100);
    expect(expectedSeconds(history, ['compose'], ['tree slave'])).toBe(30);
    expect(expectedSeconds(history, ['compose'], ['tree master'])).toBe(30);
    expect(expectedSeconds(history, ['compose'])).toBe(30);
  });

  test('is never outside of what was measured', () => {
    const seconds = fc.array(fc.double({ min: 0.1, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(seconds, (values) => {
        const last = values.slice(-5).map((value) => Math.round(value * 10) / 10);
        const expected = expectedSeconds(runsOf(...values), ['verify']);
        expect(expected).toBeGreaterThanOrEqual(Math.min(...last));
        expect(expected).toBeLessThanOrEqual(Math.max(...last));
      }),
    );
  });

  test('does not make the file grow without end', () => {
    let history: StageHistory = {};
    for (let run = 0; run < 3; run += 1)
      history = withRun(history, new Map(Array.from({ length: 1500 }, (_, key) => [`${run} ${key}`, 1])));
    expect(Object.keys(history)).toHaveLength(2000);
    expect(expectedSeconds(history, ['2 1499'])).toBe(1);
  });
});
