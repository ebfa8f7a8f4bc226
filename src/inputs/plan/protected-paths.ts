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
    layers: z.array(glob).optional(),
    mode: octalMode.optional(),
    why: text,
    instead: text,
  }),
);

/** Who wants to put files onto a node. */
export type PathWriter = 'spec' | 'layer';

/** The writers in the words of messages. */
export const writerWords: Readonly<Record<PathWriter, string>> = { spec: 'the spec', layer: 'a layer' };

/**
 * Parses the text of images/protected.yaml.
 * @param writer the spec, or a layer of the site: a layer may have the paths of `layers`, the spec those of `except`
 * @param ofImages whether images/ has a file at a path; such a file is protected even if it matches `except`
 * @throws IngotError wrong-images that shows every error with its place
 */
export function parseProtectedPaths(
  yaml: string,
  fileName: string,
  writer: PathWriter,
  ofImages: (path: string) => boolean,
): PathFact[] {
  return parseYaml({
    code: 'wrong-images',
    text: yaml,
    fileName,
    schema: protectedSchema,
    hint: 'An entry has path, why, instead, and if need be mode, except and layers.',
    empty: { value: [] },
  })
    .filter(({ mode }) => writer === 'spec' || mode === undefined)
    .map(({ path, except, layers = [], mode, why, instead }) => ({
      matches:
        writer === 'spec'
          ? matcher(path, except === undefined ? [] : [except], ofImages)
          : matcher(path, layers, () => false),
      why: () =>
        mode === undefined
          ? `must not be written by ${writerWords[writer]}: ${why}`
          : `needs the mode ${mode}: ${why}`,
      instead: () => instead,
      ...(mode === undefined ? {} : { mode }),
    }));
}

function matcher(path: string, except: readonly string[], ofImages: (path: string) => boolean) {
  const all = pathGlob(path);
  const some = except.map(pathGlob);
  return (one: string): boolean => all(one) && (ofImages(one) || !some.some((matches) => matches(one)));
}
