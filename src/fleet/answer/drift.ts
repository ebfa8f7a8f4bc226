import { z } from 'zod';
import { driftClasses } from './head.ts';

const schema = z.object({
  path: z.string().min(1),
  class: z.enum(driftClasses),
  severity: z.enum(['critical', 'warning']),
  kind: z.string(),
  expected: z.string().nullable(),
  there: z.string().nullable(),
  diff: z.array(z.string()).optional(),
});

/** One drift, as a line of an answer holds it. Its hint is omitted, because the node does not decide what to do. */
export interface Drift {
  /** The path of a file, or a name for something else: sysctl:NAME, mount:TARGET, … */
  readonly path: string;
  readonly class: (typeof driftClasses)[number];
  readonly severity: 'critical' | 'warning';
  readonly kind: string;
  readonly expected: string | null;
  readonly there: string | null;
  readonly diff?: readonly string[] | undefined;
}

/** Parses a line after the first; undefined if it is not a drift. */
export function parseDrift(line: string): Drift | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** How much of one drift is kept: as much as is shown. */
const longest = { value: 300, diffLine: 200, diffLines: 40 };

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;

/**
 * The same drift with its texts cut to what is shown, so that a thousand drifts do not take the memory of a thousand
 * files.
 */
export function shortenDrift(drift: Drift): Drift {
  const short = (text: string | null): string | null => (text === null ? null : cut(text, longest.value));
  return {
    path: cut(drift.path, longest.value),
    class: drift.class,
    severity: drift.severity,
    kind: cut(drift.kind, longest.value),
    expected: short(drift.expected),
    there: short(drift.there),
    ...(drift.diff === undefined
      ? {}
      : { diff: drift.diff.slice(0, longest.diffLines).map((line) => cut(line, longest.diffLine)) }),
  };
}
