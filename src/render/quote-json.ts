import { QuoteError } from './quote-text.ts';

/**
 * Writes JSON on one line (RFC 8259).
 * @throws QuoteError for a value that JSON cannot represent
 */
export function quoteJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new QuoteError(`JSON cannot hold ${value}`);
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new QuoteError(`JSON cannot hold a ${typeof value}`);
  return text;
}
