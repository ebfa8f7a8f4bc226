import { z } from 'zod';
import { defaultScheduler, schedulerNames } from './schedulers.ts';
import { specSchema } from './schema.ts';

/** The section of a scheduler must be present if the cluster has that scheduler, and must be absent otherwise. */
const allOf = schedulerNames.map((name) => ({
  // A spec without `scheduler` means the default one.
  if: {
    properties: { scheduler: { const: name } },
    ...(name === defaultScheduler ? {} : { required: ['scheduler'] }),
  },
  then: { required: [name] },
  else: { properties: { [name]: false } },
}));

/**
 * Returns the JSON Schema (draft 2020-12) of cluster.yaml, for editors. It describes what a user may write, before
 * defaults are filled in.
 */
export function specJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(specSchema, { io: 'input' });
  return { $schema, title: 'cluster.yaml of ingot', ...schema, allOf };
}
