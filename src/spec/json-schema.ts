import { z } from 'zod';
import { specSchema } from './schema.ts';

/** The JSON Schema (draft 2020-12) of cluster.yaml, for editors: what may be typed, before defaults. */
export function specJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(specSchema, { io: 'input' });
  return { $schema, title: 'cluster.yaml of ingot', ...schema };
}
