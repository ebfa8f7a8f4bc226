import { expect, test } from 'vitest';
import { specJsonSchema } from '../../../src/spec/json-schema.ts';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

/** Every key of the schema with its description. */
function descriptions(node: Node, path: string): [string, string | undefined][] {
  const children = Object.entries({
    ...node.properties,
    ...(node.items === undefined ? {} : { '[]': node.items }),
  });
  return children.flatMap(([key, child]) => [
    [`${path}.${key}`, child.description] as [string, string | undefined],
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

test('asks for the keys that have no default, for the section of the scheduler that the cluster has, and for no others', () => {
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

test('says that Mesos comes from a .deb or a source', () => {
  expect(specJsonSchema()['properties']).toHaveProperty('mesos.oneOf', [
    { required: ['deb'] },
    { required: ['source'] },
  ]);
});
