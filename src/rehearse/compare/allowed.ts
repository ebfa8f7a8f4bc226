import { parse } from 'yaml';
import { z } from 'zod';
import { IngotError } from '../../host/ingot-error.ts';
import { globMatcher } from '../../inputs/residue-rules.ts';

const ruleSchema = z.strictObject({
  /** Glob of the names in an inventory; `*` and `?` stay within a name, `**` is any depth. */
  what: z.string().min(1),
  /** own: nothing differs but what is the node's own; any: the content is each node's own, or only one has it. */
  how: z.enum(['own', 'any']),
  why: z.string().min(1),
});

export type AllowedDifference = z.infer<typeof ruleSchema> & { readonly matches: (what: string) => boolean };

/**
 * Reads the text of images/node-differences.yaml.
 * @throws IngotError wrong-images that names the rule which is wrong
 */
export function parseAllowedDifferences(text: string, fileName: string): AllowedDifference[] {
  const parsed = z.array(ruleSchema).safeParse(parse(text));
  if (!parsed.success)
    throw new IngotError({ code: 'wrong-images', message: `${fileName}: ${z.prettifyError(parsed.error)}` });
  return parsed.data.map((rule) => ({ ...rule, matches: globMatcher(rule.what) }));
}
