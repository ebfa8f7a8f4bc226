import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../bench/verdict.ts';
import { seconds } from '../../samples/bench.ts';

const ratio = (value: number, cutOff?: true) => ({
  text: 'peer / ingot',
  values: [value],
  ...(cutOff === undefined ? {} : { cutOff }),
});
const series = [seconds('ingot', 1, 2, 9)];

describe('the verdict of a line', () => {
  it.each([
    [{ of: 'ratio', atLeast: 4 }, 4.1, 'met'],
    [{ of: 'ratio', atLeast: 4 }, 3.9, 'missed'],
    [{ of: 'ratio', atMost: 1.8 }, 1.8, 'met'],
    [{ of: 'ratio', atMost: 1.8 }, 1.9, 'missed'],
  ] as const)('of %o with the ratio %d is %s', (target, value, verdict) => {
    expect(verdictOf({ target, ratio: ratio(value), series })).toBe(verdict);
  });
  it('of a value depends on the median of the first series', () => {
    expect(verdictOf({ target: { of: 'value', atMost: 2 }, series })).toBe('met');
    expect(verdictOf({ target: { of: 'value', atMost: 1.9 }, series })).toBe('missed');
  });
  it('is met if the peer was cut off late enough, and open if it was cut off earlier', () => {
    const target = { of: 'ratio', atLeast: 4 } as const;
    expect(verdictOf({ target, ratio: ratio(5, true), series })).toBe('met');
    expect(verdictOf({ target, ratio: ratio(3, true), series })).toBe('open');
  });
  it('is open without a figure, and "none" without a target', () => {
    expect(verdictOf({ target: { of: 'ratio', atLeast: 4 }, series })).toBe('open');
    expect(verdictOf({ series })).toBe('none');
  });
});
