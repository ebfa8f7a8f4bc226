import { z } from 'zod';
import { octalMode } from '../cluster-spec/fields.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import type { PathFact } from './path-fact.ts';
import { pathGlob } from './path-glob.ts';

const text = z.string().regex(/^\S[^\p{Cc}]*$/u);
const glob = z.string().regex(/^\/\S+$/);
const protectedSchema = z.array(
  z.strictObject({
    path: glob,
    except: glob.optional(),
    mode: octalMode.optional(),
    why: text,
    instead: text,
  }),
);

/**
 * Parses the text of images/protected.yaml.
 * @param ofImages whether images/ has a file at a path; such a file is protected even if it matches `except`
 * @throws IngotError wrong-images that shows every error with its place
 */
export function parseProtectedPaths(
  yaml: string,
  fileName: string,
  ofImages: (path: string) => boolean,
): PathFact[] {
  return parseYaml({
    code: 'wrong-images',
    text: yaml,
    fileName,
    schema: protectedSchema,
    hint: 'An entry has path, why, instead, and if need be mode and except.',
    empty: { value: [] },
  }).map(({ path, except, mode, why, instead }) => ({
    matches: matcher(path, except, ofImages),
    why: () =>
      mode === undefined ? `must not be written by the spec: ${why}` : `needs the mode ${mode}: ${why}`,
    instead: () => instead,
    ...(mode === undefined ? {} : { mode }),
  }));
}

function matcher(path: string, except: string | undefined, ofImages: (path: string) => boolean) {
  const all = pathGlob(path);
  if (except === undefined) return all;
  const some = pathGlob(except);
  return (one: string): boolean => all(one) && (ofImages(one) || !some(one));
}
