import fc from 'fast-check';
import { expect, test } from 'vitest';
import { macPattern, macText } from '../../../src/render/mac-pattern.ts';

const mac = fc.bigInt({ min: 0n, max: 0xffffffffffffn });
const matches = (range: readonly [bigint, bigint], one: bigint): boolean =>
  new RegExp(`^${macPattern(range)}$`).test(macText(one, '-'));

test('a range of whole pairs is one pattern', () => {
  expect(macPattern([0x525400000100n, 0x5254000001ffn])).toBe('52-54-00-00-01-[0-9a-f][0-9a-f]');
});

test('a pattern matches the addresses of its range and no others', () => {
  fc.assert(
    fc.property(mac, mac, mac, (a, b, c) => {
      const [first, last] = a < b ? [a, b] : [b, a];
      expect(matches([first, last], c)).toBe(first <= c && c <= last);
    }),
  );
});

test('the same is true at the ends of a range, where ranges are short', () => {
  fc.assert(
    fc.property(mac, fc.bigInt({ min: 0n, max: 5000n }), (first, length) => {
      const last = first + length > 0xffffffffffffn ? 0xffffffffffffn : first + length;
      for (const one of [first, last]) expect(matches([first, last], one)).toBe(true);
      if (first > 0n) expect(matches([first, last], first - 1n)).toBe(false);
      if (last < 0xffffffffffffn) expect(matches([first, last], last + 1n)).toBe(false);
    }),
  );
});

test('no pattern is longer than a parameter of nginx may be (4096 bytes)', () => {
  fc.assert(
    fc.property(mac, mac, (a, b) => {
      expect(macPattern(a < b ? [a, b] : [b, a]).length).toBeLessThan(4000);
    }),
  );
  expect(macPattern([0x010203040506n, 0xf0f0f0f0f0f0n]).length).toBeLessThan(4000);
});

test('an address is written with the requested separator', () => {
  expect(macText(0x0254n)).toBe('00:00:00:00:02:54');
  expect(macText(0xfedcba987654n, '-')).toBe('fe-dc-ba-98-76-54');
});
