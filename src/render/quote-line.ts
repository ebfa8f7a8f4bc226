import { QuoteError, scalarText } from './quote-text.ts';

/**
 * Checks text for a file in which every line is one entry (unit names, sysctls), and returns it unchanged.
 * @throws QuoteError for line ends and other control characters, for empty text, and for leading or trailing blanks
 */
export function quoteLine(value: unknown): string {
  const text = scalarText(value);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) || text === '' || text.trim() !== text) {
    throw new QuoteError(`not a single plain line: ${JSON.stringify(text)}`);
  }
  return text;
}
