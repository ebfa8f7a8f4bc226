import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { allRoles } from '../inputs/roles.ts';

/** The steps of a night, in their order. */
export const stepNames = ['lock', 'changes', 'bake', 'verify', 'rehearse', 'diff', 'publish'] as const;
export type StepName = (typeof stepNames)[number];

const role = z.enum(allRoles);
const lines = z.array(z.string()).readonly();

/** What the steps of a night found out; each step adds its fields. */
export const nightFacts = z.strictObject({
  /** SHA-256 of the lock that the night bakes. */
  lockSha256: z.string().exactOptional(),
  /** The packages that differ from the lock before, in the words of a table. */
  packages: z.array(z.array(z.string()).readonly()).readonly().exactOptional(),
  /** The latest versions before the night. */
  before: z
    .array(z.strictObject({ role, version: z.string() }))
    .readonly()
    .exactOptional(),
  images: z
    .array(z.strictObject({ role, version: z.string(), folder: z.string(), published: z.boolean() }))
    .readonly()
    .exactOptional(),
  drills: z
    .array(
      z.strictObject({
        name: z.string(),
        result: z.enum(['passed', 'failed', 'skipped', 'not run']),
        seconds: z.number(),
        saw: z.string(),
      }),
    )
    .readonly()
    .exactOptional(),
  /** The signed statements about the rehearsal: absolute paths. */
  statements: lines.exactOptional(),
  differences: z
    .array(z.strictObject({ role, before: z.string(), after: z.string(), summary: lines, files: lines }))
    .readonly()
    .exactOptional(),
  /** The channel that leads to the versions now. */
  channel: z.string().exactOptional(),
});
export type NightFacts = Readonly<z.infer<typeof nightFacts>>;

const failure = z.strictObject({
  code: z.string(),
  message: z.string(),
  excerpt: lines,
  hint: z.string().exactOptional(),
});

const stepRecord = z.strictObject({
  name: z.enum(stepNames),
  /** "kept": the result of an earlier run with the same inputs still holds. */
  result: z.enum(['done', 'kept', 'failed']),
  /** Digest of what the result depends on; a step without one runs each time. */
  key: z.string().exactOptional(),
  /** ISO 8601. */
  begun: z.string(),
  seconds: z.number(),
  /** The result in words. */
  says: lines,
  facts: nightFacts,
  failure: failure.exactOptional(),
});
/** A step that has ended. */
export type NightStepRecord = Readonly<z.infer<typeof stepRecord>>;

const nightSchema = z.strictObject({
  format: z.literal(1),
  /** Its folder: 20261130T020000Z. */
  name: z.string(),
  cluster: z.string(),
  /** Absolute path of the cluster.yaml. */
  spec: z.string(),
  /** ISO 8601. */
  begun: z.string(),
  /** ISO 8601; missing while it runs, and after it was killed. */
  ended: z.string().exactOptional(),
  result: z.enum(['published', 'unchanged', 'failed', 'abandoned']).exactOptional(),
  steps: z.array(stepRecord).readonly(),
});

/** night.json: what a night has done so far. It is written after each step, so that a killed night continues. */
export type Night = Readonly<z.infer<typeof nightSchema>>;

/** The text of night.json. */
export const nightText = (night: Night): string => `${JSON.stringify(night, null, 1)}\n`;

/** Reads night.json; undefined if it is missing or damaged. */
export async function readNight(file: string): Promise<Night | undefined> {
  try {
    return nightSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** All facts of a night; those of later steps count. */
export const nightFactsOf = ({ steps }: Pick<Night, 'steps'>): NightFacts =>
  Object.assign({}, ...steps.map(({ facts }) => facts)) as NightFacts;
