import { CannotQuote, scalarText } from './quote-text.ts';

/**
 * One parameter of nginx's configuration, in double quotes unless it is plain.
 * @throws CannotQuote for `$`, which nginx has no way of writing (it begins a variable), for controls, and for nothing
 */
export function quoteNginx(value: unknown): string {
  const text = scalarText(value);
  if (text === '' || /[$\p{Cc}]/u.test(text))
    throw new CannotQuote(`nginx cannot be given this as one parameter: ${JSON.stringify(text)}`);
  return /^[A-Za-z0-9_./:@[\]+-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
