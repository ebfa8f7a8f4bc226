/** Why a name with ranges cannot be expanded; `right` shows the correct form. */
export class RangeFault extends Error {
  readonly right: string;

  constructor(message: string, right: string) {
    super(message);
    this.right = right;
  }
}

/** More nodes than any fleet has, so that a typing error in a range does not fill the memory. */
export const maxFleetNodes = 100_000;

const form = 'node[001-200], node[1:9:2], rack[a-f], node[1-3,7]';

const count = (from: number, to: number, step: number): number => Math.floor((to - from) / step) + 1;

/**
 * Parses one part of a bracket: a single word, or FROM-TO or FROM:TO, optionally followed by :STEP (Ansible,
 * "Inventory: adding ranges of hosts").
 */
function partOf(part: string, bracket: string): { readonly size: number; readonly words: () => string[] } {
  if (/^[A-Za-z0-9]+$/.test(part)) return { size: 1, words: () => [part] };
  const range = /^(?:(\d+)[-:](\d+)|([a-z])[-:]([a-z])|([A-Z])[-:]([A-Z]))(?::(\d+))?$/.exec(part);
  if (range === null) throw new RangeFault(`[${bracket}] is not a range`, form);
  const [, fromNumber, toNumber, fromLower, toLower, fromUpper, toUpper, by] = range;
  const step = by === undefined ? 1 : Number(by);
  const letters = fromNumber === undefined || toNumber === undefined;
  const [first = '', last = ''] = letters
    ? [fromLower ?? fromUpper, toLower ?? toUpper]
    : [fromNumber, toNumber];
  const [from, to] = letters ? [first.charCodeAt(0), last.charCodeAt(0)] : [Number(first), Number(last)];
  if (step < 1 || from > to || to > Number.MAX_SAFE_INTEGER)
    throw new RangeFault(
      `[${bracket}] is an empty range`,
      'from the lower to the higher, with a step of 1 or more',
    );
  // A first number that begins with 0 sets the width of all numbers.
  const width = !letters && first.length > 1 && first.startsWith('0') ? first.length : 0;
  return {
    size: count(from, to, step),
    words: () =>
      Array.from({ length: count(from, to, step) }, (_, index) => {
        const value = from + index * step;
        return letters ? String.fromCharCode(value) : String(value).padStart(width, '0');
      }),
  };
}

/**
 * Expands a text with ranges to names: `node[001-200].dc1`. Several brackets give every combination; the last bracket
 * changes fastest.
 * @throws RangeFault for an invalid range, and for more than maxFleetNodes names
 */
export function expandRanges(text: string): string[] {
  const pieces = text.split(/\[([^[\]]*)\]/);
  if (pieces.some((piece, index) => index % 2 === 0 && /[[\]]/.test(piece)))
    throw new RangeFault(`${text} has an unmatched bracket`, form);
  const choices = pieces.map((piece, index) =>
    index % 2 === 0
      ? [{ size: 1, words: () => [piece] }]
      : piece.split(',').map((part) => partOf(part.trim(), piece)),
  );
  const total = choices.reduce((all, parts) => all * parts.reduce((sum, { size }) => sum + size, 0), 1);
  if (total > maxFleetNodes)
    throw new RangeFault(`${text} stands for ${total} nodes`, `at most ${maxFleetNodes}`);
  return choices.reduce<string[]>(
    (names, parts) => {
      const words = parts.flatMap((part) => part.words());
      return names.flatMap((name) => words.map((word) => name + word));
    },
    [''],
  );
}
