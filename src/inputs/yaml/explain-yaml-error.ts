import type { YAMLError } from 'yaml';
import type { YamlProblem } from './problem.ts';

/** Explains a syntax error of the YAML parser in the wording of ingot's other errors. */
export function explainYamlError(error: YAMLError, text: string): YamlProblem {
  const [offset, end] = error.pos;
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:]+/.exec(text.slice(offset))?.[0] ?? text.slice(offset, end);
      return { offset, message: `the key ${key} is listed twice in this map`, right: 'keep one of them' };
    }
    case 'MULTIPLE_DOCS':
      return { offset, message: 'a second YAML document begins here', right: 'one document in a file' };
    case 'NON_STRING_KEY':
      return { offset, message: 'a key must be plain text', right: 'key: value' };
    case 'TAB_AS_INDENT':
      return { offset, message: 'a tab indents this line', right: 'indent with spaces' };
    case 'TAG_RESOLVE_FAILED':
      return {
        offset,
        message: `the tag ${text.slice(offset, end)} means nothing here`,
        right: 'a value without a tag',
      };
    default:
      return { offset, message: `this is not YAML: ${error.message}` };
  }
}
