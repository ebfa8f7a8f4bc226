import { z } from 'zod';
import type { BootStage, BootTimes } from '../vm/boot-stages.ts';
import { smallFile } from './small-file.ts';

const seconds = z.number();

const stage: z.ZodType<BootStage> = z.lazy(() =>
  z.object({ name: z.string(), seconds, parts: z.array(stage).exactOptional() }),
);

/** The boot of a version, as a boot test measured it. */
export const bootTimesSchema: z.ZodType<BootTimes> = z.object({
  stages: z.array(stage),
  healthySeconds: seconds,
  units: z
    .array(
      z.object({
        name: z.string(),
        from: seconds,
        seconds: seconds.exactOptional(),
        failed: z.literal(true).exactOptional(),
      }),
    )
    .exactOptional(),
});

const schema = z.object({
  format: z.literal(1),
  /** Name of the run whose logs are about it, as long as the store has them. */
  run: z.string().regex(/^[\w-]+$/),
  /** Milliseconds since 1970. */
  begun: z.number(),
  /** Seconds of the whole bake. */
  seconds,
  /** Each stage that ran, for this role or for all, in seconds since the bake began. */
  stages: z.array(z.object({ name: z.string(), begun: seconds, seconds })),
  /** Stages that were taken from the cache, for example "packages master". */
  fromCache: z.array(z.string()),
  boot: bootTimesSchema.exactOptional(),
});

/**
 * VERSION.bake.json: how long the bake that published a version took, and its boot. It is next to the version's folder:
 * times differ each time, and some are known only when the version is sealed.
 */
export type BakeRecord = Readonly<z.infer<typeof schema>>;

/** The text of the file. */
export function bakeRecordText(record: BakeRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads a record; undefined if it is missing or not valid. */
export async function readBakeRecord(file: string): Promise<BakeRecord | undefined> {
  try {
    return schema.safeParse(JSON.parse((await smallFile(file))?.toString() ?? '')).data;
  } catch {
    return undefined;
  }
}
