import { z } from 'zod';
import { octalMode } from '../spec/fields.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import type { PathFact } from './path-fact.ts';
import { pathGlob } from './path-glob.ts';

const text = z.string().regex(/^\S[^\p{Cc}]*$/u);
const protectedSchema = z.array(
  z.strictObject({
    path: z.string().regex(/^\/\S+$/),
    mode: octalMode.optional(),
    why: text,
    instead: text,
  }),
);

/** Reads the text of images/protected.yaml. Throws an IngotError ('wrong-input') that shows every error with its place. */
export function parseProtectedPaths(yaml: string, fileName: string): PathFact[] {
  return parseYaml({
    text: yaml,
    fileName,
    schema: protectedSchema,
    hint: 'An entry has path, why, instead, and mode if a file with that mode may be there.',
    empty: { value: [] },
  }).map(({ path, mode, why, instead }) => ({
    matches: pathGlob(path),
    why: () => (mode === undefined ? `is not the spec's to write: ${why}` : `needs the mode ${mode}: ${why}`),
    instead: () => instead,
    ...(mode === undefined ? {} : { mode }),
  }));
}
