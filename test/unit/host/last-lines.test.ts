import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LastLines } from '../../../src/host/last-lines.ts';

test('the last lines are in order, and never more than requested', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 10 }), (lines, most) => {
      const last = new LastLines(most);
      for (const line of lines) last.add(line);
      expect(last.lines).toEqual(lines.slice(-most));
    }),
  );
});
