import { expect, it } from 'vitest';
import { countText } from '../../../../src/host/count-text.ts';
import { axisSteps, measuredTimeText, momentText, percent } from '../../../../src/report/look/texts.ts';

it('times are in the unit that people would use', () => {
  expect([0.25, 45, 89.94, 125, 3599.6, 3725].map(measuredTimeText)).toEqual([
    '0.3 s',
    '45.0 s',
    '89.9 s',
    '2 min 05 s',
    '1 h 00 min',
    '1 h 02 min',
  ]);
});

it('moments are in UTC, and a text that is not a time stays as it is', () => {
  expect(momentText('2026-11-30T16:00:55Z')).toBe('2026-11-30 16:00 UTC');
  expect(momentText('yesterday')).toBe('yesterday');
});

it('an axis has a few round steps and never more than asked for', () => {
  expect(axisSteps(190)).toEqual([0, 50, 100, 150]);
  expect(axisSteps(0)).toEqual([0]);
  for (const end of [0.01, 1, 7, 99, 12_345]) expect(axisSteps(end, 6).length).toBeLessThanOrEqual(7);
});

it('shares of nothing are nothing', () => {
  expect(percent(1, 0)).toBe('0%');
  expect(percent(1, 3)).toBe('33.3333%');
  expect(countText(3000, 'package')).toBe('3,000 packages');
});
