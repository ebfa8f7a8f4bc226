import { describe, expect, it } from 'vitest';
import { mergeResults } from '../../../bench/merge-results.ts';
import { line } from '../../samples/bench.ts';

const order = ['help', 'cold', 'limit'];

describe('a bench that is done in pieces', () => {
  it('keeps the lines of earlier pieces with their own date', () => {
    const before = mergeResults(undefined, [line('cold', { at: '2026-11-01T00:00:00.000Z' })], order);
    const after = mergeResults(before, [line('help')], order);
    expect(after.lines.map(({ name, at }) => [name, at])).toEqual([
      ['help', '2026-11-23T20:00:00.000Z'],
      ['cold', '2026-11-01T00:00:00.000Z'],
    ]);
  });
  it('puts a line that is measured again in the place of the earlier one', () => {
    const before = mergeResults(undefined, [line('cold', { title: 'old' })], order);
    expect(mergeResults(before, [line('cold', { title: 'new' })], order).lines).toEqual([
      line('cold', { title: 'new' }),
    ]);
  });
  it('drops what is no line any more', () => {
    expect(mergeResults({ version: 1, lines: [line('gone')] }, [], order).lines).toEqual([]);
  });
});
