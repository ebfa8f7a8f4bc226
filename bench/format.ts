import type { LineResult, Series, Target } from './result.ts';
import { spreadOf, valuesOf } from './statistics.ts';
import { verdictOf } from './verdict.ts';

/** A number with three significant digits, but all digits before the point: 0.252, 3.81, 91.7, 1403. */
export function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value >= 1 ? value.toFixed(2) : value.toFixed(3);
}

/** The median; if there are several values, also the smallest and the largest. */
export function spreadText(values: readonly number[], unit: string, cutOff = false): string {
  if (values.length === 0) return '-';
  const { min, median, max } = spreadOf(values);
  const head = `${cutOff ? '> ' : ''}${figure(median)}${unit}`;
  return values.length === 1 ? head : `${head} (${figure(min)} to ${figure(max)})`;
}

export const seriesText = (series: Series): string =>
  spreadText(valuesOf(series), ` ${series.unit}`, series.cutOff === true);

/** CPU time and memory of a series (medians); empty if they were not measured. */
export function usageText({ samples }: Series): string {
  const median = (pick: (index: number) => number | undefined): number | undefined => {
    const found = samples.flatMap((_, index) => pick(index) ?? []);
    return found.length === 0 ? undefined : spreadOf(found).median;
  };
  const cpu = median((index) => samples[index]?.cpuSeconds);
  const node = median((index) => samples[index]?.nodeMiB);
  const largest = median((index) => samples[index]?.largestMiB);
  return [
    ...(cpu === undefined ? [] : [`CPU ${figure(cpu)} s`]),
    ...(node === undefined ? [] : [`node ${node.toFixed(0)} MiB`]),
    ...(largest === undefined ? [] : [`largest process ${largest.toFixed(0)} MiB`]),
  ].join(', ');
}

export function targetText(target: Target, unit: string): string {
  const suffix = target.of === 'ratio' ? '' : ` ${unit}`;
  return [
    ...(target.atMost === undefined ? [] : [`at most ${target.atMost}${suffix}`]),
    ...(target.atLeast === undefined ? [] : [`at least ${target.atLeast}${suffix}`]),
  ].join(', ');
}

const marks = { met: 'met', missed: 'MISSED', open: 'open', none: '' } as const;

/** Target and verdict of a line, such as "at most 1.8: met"; empty without a target. */
export function verdictText(line: LineResult): string {
  return line.target === undefined
    ? ''
    : `${targetText(line.target, line.series[0]?.unit ?? '')}: ${marks[verdictOf(line)]}`;
}
