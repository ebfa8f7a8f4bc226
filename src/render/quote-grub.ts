import { QuoteError, scalarText } from './quote-text.ts';

/**
 * Quotes one word of grub.cfg, or the words of a list.
 * @throws QuoteError for spaces, quotes, backslashes, control characters and non-ASCII characters: GRUB rewrites them
 *   when it joins a kernel command line, so the kernel would see something else
 */
export function quoteGrub(value: unknown): string {
  if (Array.isArray(value)) return value.map(quoteGrub).join(' ');
  const text = scalarText(value);
  if (!/^[!#-&(-[\]-~]+$/.test(text)) {
    throw new QuoteError(`GRUB cannot pass this on unchanged as one word: ${JSON.stringify(text)}`);
  }
  return /^[A-Za-z0-9_./:=,@+-]+$/.test(text) ? text : `'${text}'`;
}
