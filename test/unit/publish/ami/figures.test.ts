import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockBytes, blocksOutsideHoles, linearChecksum } from '../../../../src/publish/ami/blocks.ts';
import { LatencyHistogram } from '../../../../src/publish/ami/latency.ts';
import { blocksPerSecond, Pace } from '../../../../src/publish/ami/pace.ts';
import { FakeClock } from './fake-clock.ts';

describe('the pace of blocks', () => {
  test('has never more than 1,000 in a second, whatever pauses there were before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 }),
        async (pauses) => {
          const clock = new FakeClock();
          const pace = new Pace(clock, blocksPerSecond);
          const { signal } = new AbortController();
          const starts: number[] = [];
          for (const pause of pauses) {
            clock.pass(pause);
            for (let block = 0; block < 100; block += 1) {
              await pace.turn(signal);
              starts.push(clock.now());
            }
          }
          for (const [index, start] of starts.entries()) {
            const within = starts.slice(index).filter((other) => other < start + 1000).length;
            expect(within).toBeLessThanOrEqual(1000);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test('leaves room for all blocks that are on their way', () => {
    expect(blocksPerSecond + 64).toBeLessThanOrEqual(1000);
  });
});

test('the blocks outside of holes are each named once, in their order', () => {
  const start = 3 * blockBytes - 1;
  const data = [
    { start: 0, length: 1 },
    { start: 10, length: 20 },
    { start, length: 2 },
    { start: 5 * blockBytes, length: blockBytes },
  ];
  expect(blocksOutsideHoles({ data })).toEqual([0, 2, 3, 5]);
  expect(blocksOutsideHoles({ data: [] })).toEqual([]);
});

test('the linear checksum is that of the digests in the order of the blocks, not of their arrival', () => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const right = createHash('sha256').update(digest('a')).update(digest('b')).digest('base64');
  const [a, b] = [digest('a').toString('base64'), digest('b').toString('base64')];
  const late = new Map([
    [10, b],
    [9, a],
  ]);
  expect(linearChecksum(late)).toBe(right);
});

test('the histogram is exact to 10 %, and its slowest request is exact', () => {
  const latency = new LatencyHistogram();
  expect(latency.figures()).toEqual({ requests: 0, median: 0, p90: 0, p99: 0, slowest: 0 });
  for (let milliseconds = 1; milliseconds <= 1000; milliseconds += 1) latency.add(milliseconds);
  const { median, p90, p99, slowest } = latency.figures();
  for (const [found, right] of [
    [median, 500],
    [p90, 900],
    [p99, 990],
  ] as const) {
    expect(found).toBeGreaterThanOrEqual(right);
    expect(found).toBeLessThanOrEqual(right * 1.1 + 1);
  }
  expect(slowest).toBe(1000);
});
