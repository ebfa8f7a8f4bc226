import { CannotQuote, scalarText } from './quote-text.ts';

/**
 * Text for a file in which every line is one entry (unit names, sysctls), as it is.
 * @throws CannotQuote for line ends and other controls, for nothing, and for blanks at either end
 */
export function quoteLine(value: unknown): string {
  const text = scalarText(value);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) || text === '' || text.trim() !== text) {
    throw new CannotQuote(`not a single plain line: ${JSON.stringify(text)}`);
  }
  return text;
}
