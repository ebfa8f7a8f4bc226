const digits = '0123456789abcdef';
const any = '[0-9a-f]';

function oneOf(first: number, last: number): string {
  if (first === last) return digits.charAt(first);
  return first === 0 && last === 15 ? any : `[${digits.slice(first, last + 1)}]`;
}

const anyDigits = (count: number): string[] => Array.from({ length: count }, () => any);

/**
 * Matches all texts from lo to hi, which have the same length: alternatives, each with one class of digits per
 * position.
 */
function alternatives(lo: string, hi: string): string[][] {
  if (lo === '') return [[]];
  const [first, last] = [digits.indexOf(lo.charAt(0)), digits.indexOf(hi.charAt(0))];
  const [loRest, hiRest] = [lo.slice(1), hi.slice(1)];
  if (first === last) return alternatives(loRest, hiRest).map((rest) => [oneOf(first, first), ...rest]);
  // The middle range covers whole digits. The partial ranges at both ends are resolved recursively.
  const lowCut = /[^0]/.test(loRest);
  const highCut = /[^f]/.test(hiRest);
  const from = lowCut ? first + 1 : first;
  const to = highCut ? last - 1 : last;
  const below = (digit: number, a: string, b: string): string[][] =>
    alternatives(a, b).map((rest) => [oneOf(digit, digit), ...rest]);
  return [
    ...(lowCut ? below(first, loRest, 'f'.repeat(loRest.length)) : []),
    ...(from <= to ? [[oneOf(from, to), ...anyDigits(loRest.length)]] : []),
    ...(highCut ? below(last, '0'.repeat(hiRest.length), hiRest) : []),
  ];
}

/** Joins 12 hex digits in pairs with hyphens, as iPXE's type hexhyp writes a hardware address. */
const inPairs = (places: readonly string[]): string =>
  places.map((place, index) => (index % 2 === 0 && index > 0 ? `-${place}` : place)).join('');

const hexOf = (mac: bigint): string => mac.toString(16).padStart(12, '0');

/** Formats a hardware address in lower case, with the given mark between its pairs. */
export function macText(mac: bigint, mark = ':'): string {
  return inPairs(Array.from(hexOf(mac))).replaceAll('-', mark);
}

/**
 * Returns a regular expression without anchors that matches the hardware addresses from the first to the last, in lower
 * case with hyphens.
 */
export function macPattern([first, last]: readonly [bigint, bigint]): string {
  const found = alternatives(hexOf(first), hexOf(last)).map(inPairs);
  return found.length === 1 ? found.join('') : `(?:${found.join('|')})`;
}
