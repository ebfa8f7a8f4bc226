/** Why a name with ranges cannot be expanded; `right` says how it is written. */
export class NoRange extends Error {
  readonly right: string;

  constructor(message: string, right: string) {
    super(message);
    this.right = right;
  }
}

/** More than any fleet has: a range with a slip of the finger does not fill the memory. */
export const mostFleetNodes = 100_000;

const form = 'node[001-200], node[1:9:2], rack[a-f], node[1-3,7]';

const count = (from: number, to: number, step: number): number => Math.floor((to - from) / step) + 1;

/** One part of a bracket: a single word, or FROM-TO or FROM:TO, with :STEP after it (Ansible, "Inventory: adding ranges of hosts"). */
function partOf(part: string, bracket: string): { readonly size: number; readonly words: () => string[] } {
  if (/^[A-Za-z0-9]+$/.test(part)) return { size: 1, words: () => [part] };
  const range = /^(?:(\d+)[-:](\d+)|([a-z])[-:]([a-z])|([A-Z])[-:]([A-Z]))(?::(\d+))?$/.exec(part);
  if (range === null) throw new NoRange(`[${bracket}] is no range`, form);
  const [, fromNumber, toNumber, fromLower, toLower, fromUpper, toUpper, by] = range;
  const step = by === undefined ? 1 : Number(by);
  const letters = fromNumber === undefined || toNumber === undefined;
  const [first = '', last = ''] = letters
    ? [fromLower ?? fromUpper, toLower ?? toUpper]
    : [fromNumber, toNumber];
  const [from, to] = letters ? [first.charCodeAt(0), last.charCodeAt(0)] : [Number(first), Number(last)];
  if (step < 1 || from > to || to > Number.MAX_SAFE_INTEGER)
    throw new NoRange(`[${bracket}] goes nowhere`, 'from the lower to the higher, by 1 or more');
  // A number that begins with 0 says how wide all of them are.
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
 * The names that a text with ranges stands for: `node[001-200].dc1`; several brackets give every combination, the last changes quickest.
 * @throws NoRange for what is no range, and for more than mostNodes
 */
export function expandRanges(text: string): string[] {
  const pieces = text.split(/\[([^[\]]*)\]/);
  if (pieces.some((piece, index) => index % 2 === 0 && /[[\]]/.test(piece)))
    throw new NoRange(`${text} has a bracket without its other half`, form);
  const choices = pieces.map((piece, index) =>
    index % 2 === 0
      ? [{ size: 1, words: () => [piece] }]
      : piece.split(',').map((part) => partOf(part.trim(), piece)),
  );
  const total = choices.reduce((all, parts) => all * parts.reduce((sum, { size }) => sum + size, 0), 1);
  if (total > mostFleetNodes)
    throw new NoRange(`${text} stands for ${total} nodes`, `at most ${mostFleetNodes}`);
  return choices.reduce<string[]>(
    (names, parts) => {
      const words = parts.flatMap((part) => part.words());
      return names.flatMap((name) => words.map((word) => name + word));
    },
    [''],
  );
}
