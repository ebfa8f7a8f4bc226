import { addressNumber } from './mac.ts';

const one = '(?:\\d{1,3}\\.){3}\\d{1,3}';

/** `A-B`, `A/PREFIX` or `A`, as a JSON Schema can say it; addressRange says the rest. */
export const addressRangePattern = new RegExp(`^${one}(?:-${one}|/(?:[12]?\\d|3[0-2]))?$`);

function single(text: string): number {
  return text.split('.').every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
    ? addressNumber(text)
    : Number.NaN;
}

/** First and last address of `A-B`, of a network `A/PREFIX` or of one address, as numbers; undefined where the text is none of them. */
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
