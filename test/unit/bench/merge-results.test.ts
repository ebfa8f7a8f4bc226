import { describe, expect, it } from 'vitest';
import { mergeResults } from '../../../bench/merge-results.ts';
import { line } from '../../samples/bench.ts';

const order = ['help', 'cold', 'limit'];

describe('a benchmark in several runs', () => {
  it('keeps the lines of earlier runs with their own date', () => {
    const before = mergeResults(undefined, [line('cold', { at: '2026-11-01T00:00:00.000Z' })], order);
    const after = mergeResults(before, [line('help')], order);
    expect(after.lines.map(({ name, at }) => [name, at])).toEqual([
      ['help', '2026-11-23T20:00:00.000Z'],
      ['cold', '2026-11-01T00:00:00.000Z'],
    ]);
  });
  it('replaces a line that is measured again', () => {
    const before = mergeResults(undefined, [line('cold', { title: 'old' })], order);
    expect(mergeResults(before, [line('cold', { title: 'new' })], order).lines).toEqual([
      line('cold', { title: 'new' }),
    ]);
  });
  it('drops lines that no longer exist', () => {
    expect(mergeResults({ version: 1, lines: [line('gone')] }, [], order).lines).toEqual([]);
  });
});
