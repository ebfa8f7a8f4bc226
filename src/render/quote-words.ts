import { QuoteError, scalarText } from './quote-text.ts';

/**
 * Checks one word, or the words of a list joined by blanks, for a place where GRUB and iPXE both read plain words.
 * @throws QuoteError for every character that one of them, a shell or the kernel's command line could interpret
 *   differently
 */
export function quoteWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(quoteWords).join(' ');
  const text = scalarText(value);
  if (!/^[A-Za-z0-9_.,:=/@%+-]+$/.test(text))
    throw new QuoteError(`a plain word is wanted: ${JSON.stringify(text)}`);
  return text;
}
