import { expect, it } from 'vitest';
import { countText, numberText } from '../../../src/host/count-text.ts';

it('a number has a comma between thousands, and its noun is in the plural unless it is one', () => {
  expect([0, 999, 1000, 4997, 1_234_567].map(numberText)).toEqual([
    '0',
    '999',
    '1,000',
    '4,997',
    '1,234,567',
  ]);
  expect([0, 1, 2, 3000].map((value) => countText(value, 'package'))).toEqual([
    '0 packages',
    '1 package',
    '2 packages',
    '3,000 packages',
  ]);
});
