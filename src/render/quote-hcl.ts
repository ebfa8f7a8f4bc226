import { doubleQuoted, kindOf, plainNumber, QuoteError, scalarText } from './quote-text.ts';

/**
 * Writes an HCL2 expression on one line: quoted text, a number, true/false, null or a list of these. `${` and `%{` are
 * doubled, so that no value is ever read as a template (HCL native syntax specification, "Template Literals").
 * @throws QuoteError for maps, and for text that HCL would change: it normalises every string to Unicode NFC
 */
export function quoteHcl(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return plainNumber(value);
  if (Array.isArray(value)) return `[${value.map(quoteHcl).join(', ')}]`;
  if (typeof value !== 'string') throw new QuoteError(`HCL cannot hold ${kindOf(value)} here`);
  const text = scalarText(value);
  if (text !== text.normalize('NFC')) {
    throw new QuoteError(`HCL would change this text (it is not in Unicode NFC): ${JSON.stringify(text)}`);
  }
  return doubleQuoted(text).replace(/[$%](?=\{)/g, '$&$&');
}

/**
 * Like quoteHcl, for the fields that Packer reads as Go templates after HCL (nearly all text of sources and
 * provisioners).
 * @throws QuoteError for `{{`: Packer reads some fields once and others twice, such as qemuargs in 1.6.6, so no form
 *   would be correct for all of them
 */
export function quotePacker(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quotePacker).join(', ')}]`;
  if (typeof value === 'string' && value.includes('{{')) {
    throw new QuoteError(`Packer would read {{ as a template of its own: ${JSON.stringify(value)}`);
  }
  return quoteHcl(value);
}
