import { doubleQuoted, kindOf, plainNumber, QuoteError, scalarText } from './quote-text.ts';

/**
 * Writes a YAML node on one line that YAML 1.1 (cloud-init's PyYAML) and 1.2 read alike. Text is always in double
 * quotes, so that `no`, `12:30:45` and `0123` stay text. Lists and maps are in flow form.
 * @throws QuoteError for what is not a JSON value, and for map keys over 200 characters (a simple key has to be short)
 */
export function quoteYaml(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return plainNumber(value);
  if (typeof value === 'string') return doubleQuoted(scalarText(value));
  if (Array.isArray(value)) return `[${value.map(quoteYaml).join(', ')}]`;
  if (typeof value !== 'object') throw new QuoteError(`YAML cannot hold ${kindOf(value)}`);
  const pairs = Object.entries(value).map(([key, item]) => {
    if (key.length > 200) throw new QuoteError(`a map key of ${key.length} characters`);
    return `${quoteYaml(key)}: ${quoteYaml(item)}`;
  });
  return `{${pairs.join(', ')}}`;
}
