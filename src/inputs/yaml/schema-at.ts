import { z } from 'zod';
import type { Path } from './find-node.ts';

/** The description of a schema for people, under the names of JSON Schema, in which they also appear. */
export interface About {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly example?: unknown;
}

function inner(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return schema.def.innerType;
  return schema instanceof z.ZodPipe ? schema.def.in : undefined;
}

/** Returns the map form of a union: it governs everything below. */
export function mapOf(schema: unknown): unknown {
  const outer = unwrap(schema);
  return outer instanceof z.ZodUnion
    ? outer.options.find((one) => unwrap(one) instanceof z.ZodObject)
    : undefined;
}

function unwrap(schema: unknown): unknown {
  for (let next = inner(schema); next !== undefined; next = inner(schema)) schema = next;
  return schema;
}

/** Returns the schema of a map or a list without its wrappers; for a union, its map form. */
function container(schema: unknown): unknown {
  return unwrap(mapOf(schema) ?? schema);
}

/** Returns the schema that governs a path of the file; undefined if there is none (an unknown key). */
export function schemaAt(schema: unknown, path: Path): unknown {
  let here: unknown = schema;
  for (const step of path) {
    const outer = container(here);
    if (outer instanceof z.ZodObject)
      here = Object.hasOwn(outer.shape, step) ? outer.shape[String(step)] : undefined;
    else if (outer instanceof z.ZodArray) here = outer.element;
    else if (outer instanceof z.ZodRecord) here = outer.valueType;
    else return undefined;
  }
  return here;
}

/** Returns the keys that a map at this place may have. */
export function knownKeys(schema: unknown): readonly string[] {
  const outer = container(schema);
  return outer instanceof z.ZodObject ? Object.keys(outer.shape) : [];
}

/** Returns the schema's own description, else that of the schema it wraps. */
export function about(schema: unknown): About {
  for (let here = schema; here !== undefined; here = inner(here)) {
    const meta = here instanceof z.ZodType ? here.meta() : undefined;
    if (meta !== undefined)
      return {
        title: meta.title,
        description: meta.description,
        example: Array.isArray(meta.examples) ? meta.examples[0] : undefined,
      };
  }
  return {};
}

/** Returns the description of a record's keys. */
export function aboutKeys(schema: unknown): About {
  const outer = unwrap(schema);
  return outer instanceof z.ZodRecord ? about(outer.keyType) : {};
}
