import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseYaml } from '../../../../src/inputs/yaml/parse-yaml.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

const schema = z.strictObject({
  name: z
    .string()
    .meta({ title: 'name', description: 'some text', examples: ['x'] })
    .optional(),
  list: z.array(z.number()).optional(),
});

function parse(text: string) {
  return parseYaml({
    text,
    code: 'wrong-spec',
    fileName: 'f.yaml',
    schema,
    hint: 'look',
    empty: { value: {} },
  });
}

function errorsOf(text: string): string {
  return ingotErrorOf(() => parse(text)).message;
}

test('an empty file has the value that the caller gives', () => {
  expect(parse('')).toEqual({});
  expect(parse('# only a comment')).toEqual({});
});

test('a caret is below the character, also after wide ones and tabs', () => {
  expect(errorsOf('{list: [1, "漢😀", x]}')).toContain(
    '\n  1 | {list: [1, "漢😀", x]}\n    |                  ^',
  );
  expect(errorsOf('list:\t[x]')).toContain(
    'f.yaml:1:8: list[0] must be a number, this is text\n  1 | list: [x]\n    |        ^',
  );
});

test('a long line is shown around the place', () => {
  const text = `list: [${'1, '.repeat(200)}x${', 1'.repeat(200)}]`;
  const [, , head, line = '', caret = ''] = errorsOf(text).split('\n');
  expect(head).toMatch(/^f\.yaml:1:608: /);
  expect(line.length).toBeLessThan(115);
  expect(line[caret.indexOf('^')]).toBe('x');
});

test('an error message cannot move the cursor or colour the terminal', () => {
  const message = errorsOf('"\\e[31mred": 1\nlist: ["\u202e\u0007"]');
  expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('aliases that would grow without bound are refused or read, and never hang', () => {
  const bomb = [
    'a: &a [1, 1]',
    ...Array.from({ length: 25 }, (_, i) => `a${i}: &a${i} [${`*a${i === 0 ? '' : i - 1}, `.repeat(9)}]`),
  ];
  expect(errorsOf(bomb.join('\n'))).toContain('f.yaml has');
});

test('an explicit YAML 1.1 file follows the same rule for what is text', () => {
  expect(errorsOf('%YAML 1.1\n---\nname: no\n')).toContain('write it in quotes: "no"');
});

test('the hint comes with the error', () => {
  expect(ingotErrorOf(() => parse('nam: x')).hint).toBe('look');
});
