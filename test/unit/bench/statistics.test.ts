import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioOf, spreadOf } from '../../../bench/statistics.ts';
import { seconds } from '../../samples/bench.ts';

const numbers = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('the spread of several runs', () => {
  it('is the smallest, the median and the largest', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
  });
  it('has the mean of the two middle values if their number is even', () => {
    expect(spreadOf([4, 1, 3, 2]).median).toBe(2.5);
  });
  it('is sorted, and does not depend on the order of the runs', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { min, median, max } = spreadOf(values);
        expect(min <= median && median <= max).toBe(true);
        expect(spreadOf([...values].reverse())).toEqual({ min, median, max });
      }),
    );
  });
  it('does not exist for no runs', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('a ratio', () => {
  it('compares alternating runs pair by pair', () => {
    expect(ratioOf('a / b', seconds('a', 8, 9), seconds('b', 2, 3)).values).toEqual([4, 3]);
  });
  it('compares every run with every run if one ran more often, so that the spread is not understated', () => {
    expect(ratioOf('a / b', seconds('a', 8), seconds('b', 2, 4)).values).toEqual([4, 2]);
  });
  it('is a lower bound if the dividend was cut off', () => {
    const peer = { ...seconds('a', 100), cutOff: true as const };
    expect(ratioOf('a / b', peer, seconds('b', 10))).toEqual({ text: 'a / b', values: [10], cutOff: true });
  });
});
