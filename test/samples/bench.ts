import type { LineResult, Series } from '../../bench/result.ts';

export const machine = {
  cores: 2,
  memoryGiB: 24,
  processor: 'Some <CPU> & Co.',
  accelerator: 'tcg',
  versions: { ingot: '0.1.0', node: '20.20.2' },
};

/** A series of seconds. */
export const seconds = (label: string, ...values: readonly number[]): Series => ({
  label,
  unit: 's',
  samples: values.map((value) => ({ value })),
});

/** A measured line; the test provides what it is about. */
export const line = (name: string, more: Partial<LineResult> = {}): LineResult => ({
  name,
  title: `what ${name} is`,
  series: [seconds(`${name} itself`, 2)],
  at: '2026-11-23T20:00:00.000Z',
  machine,
  ...more,
});
