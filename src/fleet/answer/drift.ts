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

/** One drift, as a line of an answer has it. Its hint is left out: what to do is not for the node to say. */
export interface Drift {
  /** A file, or what stands for one: sysctl:NAME, mount:TARGET, … */
  readonly path: string;
  readonly class: (typeof driftClasses)[number];
  readonly severity: 'critical' | 'warning';
  readonly kind: string;
  readonly expected: string | null;
  readonly there: string | null;
  readonly diff?: readonly string[] | undefined;
}

/** Reads a line after the first; undefined if it is none. */
export function parseDrift(line: string): Drift | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** How much of one drift is kept: what is shown of it. */
const longest = { value: 300, diffLine: 200, diffLines: 40 };

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;

/** The same with its texts cut to what is shown, so that a thousand of them need no thousand files' room. */
export function shortened(drift: Drift): Drift {
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
