import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawable, sizeOf, squarified } from '../../../../src/report/look/treemap.ts';

const box = { x: 0, y: 0, width: 1160, height: 480 };
const sizes = fc.array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: 1, maxLength: 60 });

describe('the treemap', () => {
  it('gives everything an area in proportion to its size, inside the drawing, without gap or overlap', () => {
    fc.assert(
      fc.property(sizes, (some) => {
        const items = some.toSorted((a, b) => b - a).map((size) => ({ size }));
        const placed = squarified(items, box);
        expect(placed.map(({ item }) => item)).toEqual(items);
        const whole = sizeOf(items);
        let area = 0;
        for (const { item, at } of placed) {
          expect(at.width * at.height).toBeCloseTo((item.size / whole) * box.width * box.height, 3);
          expect(at.x).toBeGreaterThanOrEqual(-1e-3);
          expect(at.y).toBeGreaterThanOrEqual(-1e-3);
          expect(at.x + at.width).toBeLessThanOrEqual(box.width + 1e-3);
          expect(at.y + at.height).toBeLessThanOrEqual(box.height + 1e-3);
          area += at.width * at.height;
        }
        expect(area).toBeCloseTo(box.width * box.height, 2);
        for (const [index, { at }] of placed.entries())
          for (const { at: other } of placed.slice(index + 1)) {
            const wide = Math.min(at.x + at.width, other.x + other.width) - Math.max(at.x, other.x);
            const high = Math.min(at.y + at.height, other.y + other.height) - Math.max(at.y, other.y);
            expect(Math.min(wide, high)).toBeLessThanOrEqual(1e-3);
          }
      }),
      { numRuns: 50 },
    );
  });

  it('loses no byte when small things are drawn together', () => {
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 8 }), (groups) => {
        const named = groups.map((some, index) => ({
          name: `g${index}`,
          leaves: some.map((size, at) => ({ name: `l${at}`, size })),
        }));
        const drawn = drawable(named, 0.01, (count) => `${count} others`);
        expect(sizeOf(drawn.flatMap(({ leaves }) => leaves))).toBe(
          sizeOf(named.flatMap(({ leaves }) => leaves)),
        );
      }),
    );
  });

  it('omits what has no size, and groups without any', () => {
    const groups = [
      { name: 'empty', leaves: [{ name: 'a', size: 0 }] },
      { name: 'full', leaves: [{ name: 'b', size: 1 }] },
    ];
    expect(drawable(groups, 0, String).map(({ name }) => name)).toEqual(['full']);
  });
});
