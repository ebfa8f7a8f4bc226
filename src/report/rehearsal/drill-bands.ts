import { z } from 'zod';

const versionSchema = z.object({ version: z.string(), rootHash: z.string() });
const versionsSchema = z.object({ master: versionSchema, slave: versionSchema });

/** rehearsal.json, as far as a report shows it; docs/rehearsal.md describes it. */
export const rehearsalSchema = z.object({
  outcomes: z.array(
    z.object({
      name: z.string(),
      result: z.enum(['passed', 'failed', 'skipped', 'not run']),
      seconds: z.number(),
      /** Milliseconds since 1970; missing from records of older versions. */
      begunAt: z.number().exactOptional(),
      saw: z.string(),
      table: z.string().exactOptional(),
    }),
  ),
  accelerator: z.string(),
  versions: versionsSchema,
  upgrade: z
    .object({
      to: versionsSchema,
      leaderless: z
        .object({ gaps: z.array(z.object({ at: z.number(), seconds: z.number() })) })
        .exactOptional(),
    })
    .exactOptional(),
});

export type RecordedRehearsal = z.output<typeof rehearsalSchema>;

/** A drill in the drawing; seconds since its beginning. */
export interface Band {
  readonly name: string;
  readonly result: 'passed' | 'failed';
  readonly from: number;
  readonly to: number;
}

/** When the drawing begins and ends, in seconds since 1970, and the drills in it. */
export interface Timeline {
  readonly begin: number;
  readonly end: number;
  readonly bands: readonly Band[];
  /** Whether the drills were placed by their durations only, because the record does not say when they began. */
  readonly estimated: boolean;
}

/**
 * Places the drills in time. Drills follow each other; without recorded times, the last one ends with the last sample.
 * @param lastSample seconds since 1970
 */
export function timelineOf({ outcomes }: Pick<RecordedRehearsal, 'outcomes'>, lastSample: number): Timeline {
  const ran = outcomes.flatMap((one) =>
    one.result === 'passed' || one.result === 'failed' ? [{ ...one, result: one.result }] : [],
  );
  const estimated = ran.some(({ begunAt }) => begunAt === undefined);
  const total = ran.reduce((sum, { seconds }) => sum + seconds, 0);
  let next = lastSample - total;
  const placed = ran.map(({ name, result, seconds, begunAt }) => {
    const from = estimated || begunAt === undefined ? next : begunAt / 1000;
    next = from + seconds;
    return { name, result, from, to: next };
  });
  const begin = placed[0]?.from ?? lastSample;
  const end = Math.max(lastSample, placed.at(-1)?.to ?? lastSample);
  const bands = placed.map((one) => ({ ...one, from: one.from - begin, to: one.to - begin }));
  return { begin, end, bands, estimated };
}
