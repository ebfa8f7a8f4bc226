import type { LineResult } from './result.ts';
import { spreadOf, valuesOf } from './statistics.ts';

export type Verdict = 'met' | 'missed' | 'open' | 'none';

/** Whether a line reaches its target: "open" if a run was cut off before that was known, "none" without a target. */
export function verdictOf({
  target,
  ratio,
  series,
}: Pick<LineResult, 'target' | 'ratio' | 'series'>): Verdict {
  if (target === undefined) return 'none';
  const [first] = series;
  const values = target.of === 'ratio' ? (ratio?.values ?? []) : first === undefined ? [] : valuesOf(first);
  if (values.length === 0) return 'open';
  const cutOff = (target.of === 'ratio' ? ratio?.cutOff : first?.cutOff) === true;
  const { median } = spreadOf(values);
  if (target.atMost !== undefined && median > target.atMost) return 'missed';
  // A value that was cut off is a lower bound.
  if (target.atLeast !== undefined && median < target.atLeast) return cutOff ? 'open' : 'missed';
  return cutOff && target.atMost !== undefined ? 'open' : 'met';
}
