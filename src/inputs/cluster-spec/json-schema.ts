import { z } from 'zod';
import { schedulerNames, usualScheduler } from './schedulers.ts';
import { specSchema } from './schema.ts';

/** The section of each scheduler is there where the cluster has it, and only there. */
const allOf = schedulerNames.map((name) => ({
  // The usual one is meant where nothing is said.
  if: {
    properties: { scheduler: { const: name } },
    ...(name === usualScheduler ? {} : { required: ['scheduler'] }),
  },
  then: { required: [name] },
  else: { properties: { [name]: false } },
}));

/** The JSON Schema (draft 2020-12) of cluster.yaml, for editors: what may be typed, before defaults. */
export function specJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(specSchema, { io: 'input' });
  return { $schema, title: 'cluster.yaml of ingot', ...schema, allOf };
}
