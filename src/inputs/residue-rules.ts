import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { IngotError } from '../host/ingot-error.ts';

const ruleSchema = z.strictObject({
  /**
   * Absolute glob: `*` and `?` match within a name; `**` between slashes matches any number of folders, and at the end
   * everything below.
   */
  path: z.string().regex(/^\/./),
  /**
   * all: nothing may be there; files: no regular file; empty: a file of 0 bytes; known: the file stays, and what looks
   * like a secret in it is harmless, such as the key of an example.
   */
  what: z.enum(['all', 'files', 'empty', 'known']),
  why: z.string().min(1),
  /** What to do instead if somebody wants a file there. */
  instead: z.string().min(1).optional(),
  /**
   * Whether it may contain keys that packages or the build generate: they are removed and reported. Any other secret
   * stops the seal.
   */
  keys: z.boolean().optional(),
});

export type ResidueRule = z.infer<typeof ruleSchema> & { readonly matches: (path: string) => boolean };

/**
 * Reads images/residue.yaml.
 * @throws IngotError wrong-images that names the invalid rule
 */
export async function readResidueRules(file: string): Promise<ResidueRule[]> {
  const parsed = z.array(ruleSchema).safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) {
    throw new IngotError({ code: 'wrong-images', message: `${file}: ${z.prettifyError(parsed.error)}` });
  }
  return parsed.data.map((rule) => ({ ...rule, matches: globMatcher(rule.path) }));
}

/** Reports whether a path, or a folder above it, matches a rule. */
export function isResidue(rules: readonly ResidueRule[], path: string): boolean {
  return residueRule(rules, path) !== undefined;
}

/** Returns the first rule that matches a path; if there is none, that of the nearest folder above. */
export function residueRule(rules: readonly ResidueRule[], path: string): ResidueRule | undefined {
  const above = path.lastIndexOf('/');
  const own = rules.find((rule) => rule.what !== 'known' && rule.matches(path));
  return own ?? (above > 0 ? residueRule(rules, path.slice(0, above)) : undefined);
}

/** Returns a matcher for one glob; for most paths only the part before the first wildcard is compared. */
export function globMatcher(glob: string): (path: string) => boolean {
  const wildcard = glob.search(/[*?]/);
  if (wildcard === -1) return (path) => path === glob;
  const fixed = glob.slice(0, wildcard);
  const source = glob.replace(/\*\*\/|\*\*|[*?]|[\\^$.|+()[\]{}]/g, (part) => {
    if (part === '**/') return '(?:.+/)?';
    if (part === '**') return '.+';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return `\\${part}`;
  });
  const pattern = new RegExp(`^${source}$`, 's');
  return (path) => path.startsWith(fixed) && pattern.test(path);
}
