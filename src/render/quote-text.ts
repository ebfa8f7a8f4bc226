/** The reason why a value cannot be written in a format. The engine adds the template's file, line and column. */
export class QuoteError extends Error {}

/** Names the kind of a value for messages: "a list", "null", … */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

/**
 * Returns the text of a string, finite number or boolean.
 * @throws QuoteError for anything else, and for text that UTF-8 cannot encode (half a surrogate pair)
 */
export function scalarText(value: unknown): string {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  if (typeof value !== 'string') throw new QuoteError(`${kindOf(value)} where text is wanted`);
  if (/\p{Cs}/u.test(value))
    throw new QuoteError(`text with half a surrogate pair: ${JSON.stringify(value)}`);
  return value;
}

/**
 * Writes a number in a form that JSON, HCL and YAML 1.1 read alike: digits, at most one point, no exponent.
 * @throws QuoteError for other numbers
 */
export function plainNumber(value: number): string {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new QuoteError(`a number that has no plain decimal form: ${text}`);
  return text;
}

/**
 * Writes double-quoted text without invisible characters: control characters, format characters, unassigned code points
 * and line separators become \uXXXX or \UXXXXXXXX, which HCL and YAML read alike.
 */
export function doubleQuoted(text: string): string {
  const short: Readonly<Record<string, string>> = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  };
  const escaped = text.replace(/["\\]|[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return (
      short[character] ?? (code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`)
    );
  });
  return `"${escaped}"`;
}
