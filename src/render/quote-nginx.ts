import { QuoteError, scalarText } from './quote-text.ts';

/**
 * Quotes one parameter of nginx's configuration, in double quotes unless it is plain.
 * @throws QuoteError for `$`, which starts a variable and cannot be escaped in nginx, for control characters, and for
 *   empty text
 */
export function quoteNginx(value: unknown): string {
  const text = scalarText(value);
  if (text === '' || /[$\p{Cc}]/u.test(text))
    throw new QuoteError(`nginx cannot read this as one parameter: ${JSON.stringify(text)}`);
  return /^[A-Za-z0-9_./:@[\]+-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
