import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandRanges, maxFleetNodes, RangeFault } from '../../../src/fleet/inventory/range.ts';

describe('a name with ranges', () => {
  it.each([
    ['node1', ['node1']],
    ['node[1-3]', ['node1', 'node2', 'node3']],
    ['node[08-11].dc1', ['node08.dc1', 'node09.dc1', 'node10.dc1', 'node11.dc1']],
    ['node[1:7:3]', ['node1', 'node4', 'node7']],
    ['rack[a-c]', ['racka', 'rackb', 'rackc']],
    ['n[1-2,7,x]', ['n1', 'n2', 'n7', 'nx']],
    ['r[1-2]n[0-1]', ['r1n0', 'r1n1', 'r2n0', 'r2n1']],
    ['2001:db8::7', ['2001:db8::7']],
  ])('%s stands for %j', (text, names) => {
    expect(expandRanges(text)).toEqual(names);
  });

  it.each(['n[3-1]', 'n[', 'n]1', 'n[1-', 'n[a-3]', 'n[]', 'n[1-2-3]', 'n[1:3:0]', 'n[[1-2]]', '[::1]'])(
    '%s is refused, and the message shows how a range is written',
    (text) => {
      expect(() => expandRanges(text)).toThrow(RangeFault);
    },
  );

  it('cannot fill the memory because of a typing error', () => {
    expect(() => expandRanges('n[1-999999999]')).toThrow('stands for 999999999 nodes');
    expect(() => expandRanges('a[1-999]b[1-999]')).toThrow(RangeFault);
    expect(expandRanges(`n[1-${maxFleetNodes}]`)).toHaveLength(maxFleetNodes);
  });

  it('has every number from the first to the last once, as wide as the first is written', () => {
    const numbers = fc.tuple(fc.nat(3000), fc.nat(300), fc.nat(6), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(numbers, ([from, more, width, step]) => {
        const first = width === 0 ? String(from) : `0${String(from).padStart(width, '0')}`;
        const names = expandRanges(`n[${first}-${String(from + more)}:${String(step)}].x`);
        expect(names).toHaveLength(Math.floor(more / step) + 1);
        expect(new Set(names).size).toBe(names.length);
        names.forEach((name, index) => {
          const digits = /^n(\d+)\.x$/.exec(name)?.[1] ?? '';
          expect(Number(digits)).toBe(from + index * step);
          if (width > 0) expect(digits.length).toBeGreaterThanOrEqual(first.length);
        });
      }),
    );
  });

  it('gives every combination of several ranges, none twice', () => {
    const part = fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const names = expandRanges(parts.map(([word, most]) => `${word}[1-${String(most)}]`).join(''));
        expect(new Set(names).size).toBe(parts.reduce((all, [, most]) => all * most, 1));
      }),
    );
  });

  it('is names or a RangeFault, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'n', '0', '1', '[', ']', '-', ':', ',', '.'), maxLength: 14 }),
        (text) => {
          try {
            for (const name of expandRanges(text)) expect(name).not.toMatch(/[[\]]/);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeFault);
          }
        },
      ),
    );
  });
});
