import { z } from 'zod';
import { allRoles } from '../../inputs/roles.ts';
import { type KeyedStage, stageName } from './keyed-stage.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A file of a stage. The name is restricted to our own form, so that a foreign entry cannot write outside its target
 * folder.
 */
const cachedFile = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/),
  sha256,
  /** Bytes. */
  size: z.int().min(0),
  /** Octal text, e.g. "0644"; a foreign entry cannot make a file set-uid. */
  mode: z.string().regex(/^0[0-7]{3}$/),
});

const entrySchema = z.strictObject({
  version: z.literal(1),
  stage: z.string().regex(stageName),
  role: z.enum(allRoles).nullable(),
  key: sha256,
  inputs: z.record(z.string(), z.string()),
  files: z.array(cachedFile),
  /** What the stage returned besides files; its form depends on the stage. */
  meta: z.json(),
  madeAt: z.iso.datetime(),
  /** How long the stage took to run. */
  seconds: z.number(),
});

export type CacheEntry = z.output<typeof entrySchema>;
export type CachedFile = z.output<typeof cachedFile>;

/** Parses the text of an entry; undefined if it is not an entry, is damaged or has another format. */
export function parseEntry(text: string): CacheEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The result of a stage. */
export interface CachedStage {
  /** Name → absolute path. */
  readonly files: Readonly<Record<string, string>>;
  readonly meta: CacheEntry['meta'];
  /** How long the stage took to run. */
  readonly seconds: number;
}

/** Creates the entry of a stage that has just run. now: milliseconds since 1970. */
export function makeEntry(
  { name, role, key, inputs }: KeyedStage,
  files: CachedFile[],
  { meta, seconds }: Pick<CachedStage, 'meta' | 'seconds'>,
  now: number,
): CacheEntry {
  const madeAt = new Date(now).toISOString();
  return { version: 1, stage: name, role, key, inputs, files, meta, madeAt, seconds };
}
