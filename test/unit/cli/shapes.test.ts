import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { allShapes, shapeJsonSchema, shapeNumber } from '../../../src/cli/shapes/all-shapes.ts';

const shapes = Object.entries(allShapes);
const page = readFileSync(new URL('../../../docs/json.md', import.meta.url), 'utf8');

test('every command that can print JSON has a shape under its name, and every shape belongs to a command', () => {
  const printing = commands
    .filter(
      ({ record }) =>
        'json' in record.options || record.options['format']?.choices?.includes('json') === true,
    )
    .map(({ record }) => record.name);
  expect(printing.filter((name) => !(name.replaceAll(' ', '-') in allShapes))).toEqual([]);
  for (const [, { printedBy }] of shapes)
    expect(printing.some((name) => printedBy.startsWith(`ingot ${name} --`))).toBe(true);
});

test.each(shapes)(
  '%s is a valid JSON Schema that names its version and accepts fields of later versions',
  (name, of) => {
    const schema = shapeJsonSchema(name, of);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: `${of.printedBy}: ${name}, version ${shapeNumber(of)}`,
      properties: { schema: { const: shapeNumber(of) } },
    });
    expect(JSON.stringify(schema)).not.toMatch(/additionalProperties":false|readOnly/);
    new Ajv2020({ validateFormats: false, allowUnionTypes: true }).compile(schema);
  },
);

test('docs/json.md lists every document with its version and the command that prints it', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\d+) +\| `(.*?)` +\|/gm)].map(
    ([, name, number, by]) => [name, Number(number), by],
  );
  expect(rows).toEqual(shapes.map(([name, of]) => [name, shapeNumber(of), of.printedBy]));
});
