import { type Document, isScalar, parse, Scalar, visit } from 'yaml';
import type { YamlProblem } from './problem.ts';

// Only these can have another meaning in YAML 1.1 (https://yaml.org/type/): booleans, octals, sexagesimals, dates,
// 1_000.
const candidate = /^(?:[-+]?\.?[0-9][0-9_:.oxa-f+tz -]*|y|n|yes|no|on|off)$/i;

function under11(source: string): unknown {
  try {
    return parse(source, { version: '1.1' });
  } catch {
    return source;
  }
}

function shown(value: unknown): string {
  return value instanceof Date ? 'a date' : typeof value === 'string' ? 'text' : String(value);
}

/**
 * Finds texts with half of a UTF-16 surrogate pair. Such a half has no UTF-8 form, so a file that contains it would
 * have a different text.
 */
export function loneSurrogates(document: Document): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Scalar(_key, { value, range }) {
      if (typeof value === 'string' && /\p{Cs}/u.test(value))
        problems.push({
          offset: range?.[0] ?? 0,
          message: 'this text has half of a character, which no file can hold',
          right: 'the character itself, or \\U and eight hexadecimal digits for \\uD800 to \\uDFFF',
        });
    },
  });
  return problems;
}

/**
 * Finds values without quotes that YAML 1.2 (which ingot reads) and YAML 1.1 (PyYAML, many editors) interpret
 * differently: `no`, `012`, `12:30:45`. The author meant one of the two, and ingot must not guess which.
 */
export function doubtfulScalars(document: Document): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || node.type !== Scalar.PLAIN || !isScalar(node)) return;
      const source = node.source ?? '';
      if (!candidate.test(source)) return;
      const other = under11(source);
      if (Object.is(other, node.value)) return;
      problems.push({
        offset: node.range?.[0] ?? 0,
        message: `${source} is ${shown(node.value)} to one YAML reader and ${shown(other)} to another`,
        right:
          typeof node.value === 'number'
            ? `write ${node.value} if the number is meant, or in quotes: "${source}"`
            : `write it in quotes: "${source}"`,
      });
    },
  });
  return problems;
}
