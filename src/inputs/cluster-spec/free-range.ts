type Range = readonly [number, number];

/** Returns the dotted form of an IPv4 address. */
export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/**
 * Returns the longest part of a range that contains none of the taken addresses, the first one if several are equally
 * long; undefined if every address is taken.
 */
export function longestFree([first, last]: Range, taken: readonly number[]): Range | undefined {
  const inside = taken.filter((number) => number >= first && number <= last);
  const borders = [first - 1, ...inside.toSorted((a, b) => a - b), last + 1];
  const gaps = borders.slice(1).map((border, index): Range => [(borders[index] ?? border) + 1, border - 1]);
  const size = ([from, to]: Range): number => to - from + 1;
  const [best] = gaps.filter((gap) => size(gap) > 0).toSorted((a, b) => size(b) - size(a));
  return best;
}
