import { addressNumber } from './mac.ts';

const one = '(?:\\d{1,3}\\.){3}\\d{1,3}';

/** `A-B`, `A/PREFIX` or `A`, as far as a JSON Schema can express it; addressRange checks the rest. */
export const addressRangePattern = new RegExp(`^${one}(?:-${one}|/(?:[12]?\\d|3[0-2]))?$`);

function single(text: string): number {
  return text.split('.').every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
    ? addressNumber(text)
    : Number.NaN;
}

/**
 * Returns the first and last address of `A-B`, of a network `A/PREFIX` or of a single address, as numbers; undefined
 * for any other text.
 */
export function addressRange(text: string): readonly [number, number] | undefined {
  if (!addressRangePattern.test(text)) return undefined;
  const [base = '', prefix] = text.split('/');
  if (prefix !== undefined) {
    const first = single(base);
    const size = 2 ** (32 - Number(prefix));
    return first % size === 0 ? [first, first + size - 1] : undefined;
  }
  const [from = '', to = from] = text.split('-');
  const [first, last] = [single(from), single(to)];
  return first <= last ? [first, last] : undefined;
}
