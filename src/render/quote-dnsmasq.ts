import { QuoteError, scalarText } from './quote-text.ts';

/**
 * Quotes a value of dnsmasq.conf in double quotes, in which commas and # are literal (dnsmasq(8), CONFIG FILE;
 * read_file in its option.c).
 * @throws QuoteError for line ends and other control characters
 */
export function quoteDnsmasq(value: unknown): string {
  const text = scalarText(value);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text))
    throw new QuoteError(`dnsmasq.conf cannot hold ${JSON.stringify(text)}`);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
