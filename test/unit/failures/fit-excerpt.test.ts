import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitExcerpt } from '../../../src/failures/fit-excerpt.ts';

const section = (title: string, count: number) => [
  `${title}:`,
  ...Array.from({ length: count }, (_, at) => `  ${title} ${at}`),
];

it('each section keeps its heading and its last lines', () => {
  const lines = [...section('step', 20), ...section('console', 3)];
  const fitted = fitExcerpt(lines, 8);
  expect(fitted.lines).toEqual(
    ['step:', '  step 17', '  step 18', '  step 19', ...section('console', 3)].slice(-8),
  );
  expect(fitted.left).toBe(lines.length - fitted.lines.length);
});

it('the line that shows the cause stays', () => {
  const lines = section('step', 30);
  expect(fitExcerpt(lines, 5, 3).lines).toEqual(['step:', '  step 2', '  step 27', '  step 28', '  step 29']);
});

it('property: what fits is unchanged; what is shown is a part of it in its order; nothing is counted twice', () => {
  const lines = fc.array(fc.constantFrom<string[]>('a:', '  b', 'c', '  d:', ''));
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 12 }), (all, most) => {
      const fitted = fitExcerpt(all, most);
      if (all.length <= most) expect(fitted).toEqual({ lines: all, left: 0 });
      expect(fitted.lines.length + fitted.left).toBe(all.length);
      let at = -1;
      for (const line of fitted.lines) {
        at = all.indexOf(line, at + 1);
        expect(at).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
