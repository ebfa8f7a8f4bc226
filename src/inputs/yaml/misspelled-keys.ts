import type { z } from 'zod';
import { nearestWord } from './nearest-word.ts';
import { knownKeys, schemaAt } from './schema-at.ts';

type Issue = z.core.$ZodIssue;

/**
 * Leaves out that a key is missing where the same map has a misspelled form of it: that is one cause, and the message
 * about the unknown key names both.
 */
export function withoutMisspelledKeys(issues: readonly Issue[], schema: unknown): readonly Issue[] {
  const meant = new Set<string>();
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const known = knownKeys(schemaAt(schema, issue.path));
    for (const key of issue.keys) {
      const near = nearestWord(key, known);
      if (near !== undefined) meant.add(JSON.stringify([...issue.path, near]));
    }
  }
  const isMissing = ({ code, input }: Issue): boolean => code !== 'custom' && input === undefined;
  return issues.filter((issue) => !isMissing(issue) || !meant.has(JSON.stringify(issue.path)));
}
