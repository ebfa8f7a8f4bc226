import type { Ratio, Series } from './result.ts';

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * The smallest, the median and the largest of some numbers.
 * @throws RangeError for an empty list
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [min, upper, max] = [sorted[0], sorted[half], sorted.at(-1)];
  if (min === undefined || upper === undefined || max === undefined)
    throw new RangeError('an empty list has no median');
  const lower = sorted.length % 2 === 0 ? (sorted[half - 1] ?? upper) : upper;
  return { min, median: (lower + upper) / 2, max };
}

export const valuesOf = (series: Series): number[] => series.samples.map(({ value }) => value);

/**
 * One series divided by another: run by run if both have the same number of runs (they alternated), else every run by
 * every run, so that the spread is not understated.
 */
export function ratioOf(text: string, above: Series, below: Series): Ratio {
  const [over, under] = [valuesOf(above), valuesOf(below)];
  const values =
    over.length === under.length
      ? over.map((value, index) => value / (under[index] ?? Number.NaN))
      : over.flatMap((value) => under.map((other) => value / other));
  return { text, values, ...(above.cutOff === true ? { cutOff: true } : {}) };
}
