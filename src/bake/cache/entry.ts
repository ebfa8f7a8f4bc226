import { z } from 'zod';
import { allRoles } from '../../inputs/roles.ts';
import { type KeyedStage, stageName } from './keyed-stage.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file of a stage; the name is one of ours, perhaps in a folder, so that an entry of others cannot lead out of where it is brought. */
const cachedFile = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/),
  sha256,
  /** Bytes. */
  size: z.int().min(0),
  /** Octal text, e.g. "0644"; an entry of others makes nothing set-uid. */
  mode: z.string().regex(/^0[0-7]{3}$/),
});

const entrySchema = z.strictObject({
  version: z.literal(1),
  stage: z.string().regex(stageName),
  role: z.enum(allRoles).nullable(),
  key: sha256,
  inputs: z.record(z.string(), z.string()),
  files: z.array(cachedFile),
  /** What the stage gave beside files; each stage knows its own. */
  meta: z.json(),
  madeAt: z.iso.datetime(),
  /** How long making it took. */
  seconds: z.number(),
});

export type CacheEntry = z.output<typeof entrySchema>;
export type CachedFile = z.output<typeof cachedFile>;

/** What an entry's text says, or undefined if it is none, damaged, or of another format. */
export function parseEntry(text: string): CacheEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** What was made of a stage. */
export interface CachedStage {
  /** Name → absolute path. */
  readonly files: Readonly<Record<string, string>>;
  readonly meta: CacheEntry['meta'];
  /** How long making it took. */
  readonly seconds: number;
}

/** The entry of a stage that was just made. now: milliseconds since 1970. */
export function makeEntry(
  { name, role, key, inputs }: KeyedStage,
  files: CachedFile[],
  { meta, seconds }: Pick<CachedStage, 'meta' | 'seconds'>,
  now: number,
): CacheEntry {
  const madeAt = new Date(now).toISOString();
  return { version: 1, stage: name, role, key, inputs, files, meta, madeAt, seconds };
}
