import { QuoteError, scalarText } from './quote-text.ts';

/**
 * Quotes one word of a POSIX shell, or the words of a list, in single quotes (POSIX.1-2017, Shell, 2.2.2).
 * @throws QuoteError for a NUL, which no argument can contain
 */
export function quoteSh(value: unknown): string {
  if (Array.isArray(value)) return value.map(quoteSh).join(' ');
  const text = scalarText(value);
  if (text.includes('\0')) throw new QuoteError('a shell word cannot hold a NUL');
  return `'${text.replaceAll("'", "'\\''")}'`;
}
