import { parse } from 'yaml';
import { z } from 'zod';
import { IngotError } from '../../host/ingot-error.ts';
import { globMatcher } from '../../inputs/residue-rules.ts';

const ruleSchema = z.strictObject({
  /** Glob of the names in an inventory; `*` and `?` stay within a name, `**` is any depth. */
  what: z.string().min(1),
  /** own: only the node's own values may differ; any: the content may differ, or only one node may have it. */
  how: z.enum(['own', 'any']),
  why: z.string().min(1),
});

export type AllowedDifference = z.infer<typeof ruleSchema> & { readonly matches: (what: string) => boolean };

/**
 * Parses the text of images/node-differences.yaml.
 * @throws IngotError wrong-images that names the wrong rule
 */
export function parseAllowedDifferences(text: string, fileName: string): AllowedDifference[] {
  const parsed = z.array(ruleSchema).safeParse(parse(text));
  if (!parsed.success)
    throw new IngotError({ code: 'wrong-images', message: `${fileName}: ${z.prettifyError(parsed.error)}` });
  return parsed.data.map((rule) => ({ ...rule, matches: globMatcher(rule.what) }));
}
