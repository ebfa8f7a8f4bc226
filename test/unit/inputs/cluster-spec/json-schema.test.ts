import { expect, test } from 'vitest';
import { specJsonSchema } from '../../../../src/inputs/cluster-spec/json-schema.ts';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Every key of the schema with its description. */
function descriptions(node: Node, path: string): [string, string | undefined][] {
  const children: [string, Node][] = [
    ...Object.entries(node.properties ?? {}),
    ...(node.items === undefined ? [] : [['[]', node.items] as [string, Node]]),
    ...(node.anyOf ?? []).flatMap(({ properties }) => Object.entries(properties ?? {})),
  ];
  return children.flatMap(([key, child]): [string, string | undefined][] => [
    [`${path}.${key}`, child.description],
    ...descriptions(child, `${path}.${key}`),
  ]);
}

test('every key has a description', () => {
  const all = descriptions(specJsonSchema(), '');
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(([, text]) => text === undefined || text === '').map(([path]) => path)).toEqual([
    '.targets.[]',
  ]);
});

test("requires the keys that have no default, the section of the cluster's scheduler, and no others", () => {
  const schema = specJsonSchema();
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema['required']).toEqual(['cluster', 'masters', 'mesos']);
  expect(schema['allOf']).toEqual([
    {
      if: { properties: { scheduler: { const: 'marathon' } } },
      then: { required: ['marathon'] },
      else: { properties: { marathon: false } },
    },
  ]);
  expect(schema['additionalProperties']).toBe(false);
});

test('accepts Mesos from a preset by its name, a .deb, a source, or a preset with more keys', () => {
  expect(specJsonSchema()['properties']).toHaveProperty('mesos.anyOf.0.enum', ['clusterd']);
  expect(specJsonSchema()['properties']).toHaveProperty('mesos.anyOf.1.oneOf', [
    { required: ['deb'] },
    { required: ['source'] },
    { anyOf: [{ required: ['preset'] }, { required: ['mirror'] }] },
  ]);
});

test('accepts Marathon from a .deb or a source, and not from a preset', () => {
  expect(specJsonSchema()['properties']).toHaveProperty('marathon.oneOf', [
    { required: ['deb'] },
    { required: ['source'] },
  ]);
});
