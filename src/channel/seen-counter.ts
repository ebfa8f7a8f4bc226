import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { IngotError } from '../host/ingot-error.ts';
import { writeWholeFile } from '../host/write-whole-file.ts';

const seenSchema = z.object({
  schema: z.literal(1),
  /** The store or the address, and the name of the series; for people who read the file. */
  place: z.string(),
  name: z.string(),
  counter: z.int().nonnegative(),
  /** SHA-256 of the payload with that counter. */
  sha256: z.string(),
  /** The latest time at which it was read. */
  seenOn: z.iso.datetime(),
});

/** What this user has seen of a series: the highest counter, and when. */
export interface SeenCounter {
  readonly counter: number;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly seenOn: number;
}

/** Where this user's ingot remembers a series. */
export interface SeenPlace {
  /** Absolute folder of what this user's ingot remembers. */
  readonly memory: string;
  /** The store, as an absolute path without links. */
  readonly place: string;
  readonly name: string;
}

/** The file that remembers a series. */
export function seenFile({ memory, place, name }: SeenPlace): string {
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 24);
  return join(memory, 'channels', `${digest}-${name}.json`);
}

/**
 * Reads what was seen of a series; undefined if it was never read.
 * @throws IngotError unusable-folder for a file that ingot did not write
 */
export async function readSeen(where: SeenPlace): Promise<SeenCounter | undefined> {
  const file = seenFile(where);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { counter, sha256, seenOn } = seenSchema.parse(JSON.parse(text));
    return { counter, sha256, seenOn: Date.parse(seenOn) };
  } catch (cause) {
    throw new IngotError({
      code: 'unusable-folder',
      message: `${file}, which remembers the newest ${where.name} of ${where.place}, is damaged`,
      hint: 'restore it, or remove it: then the next pointer is trusted, however old it is',
      cause,
    });
  }
}

/** Remembers a series; a higher counter or a later time that was remembered in between stays. */
export async function rememberSeen(where: SeenPlace, seen: SeenCounter): Promise<void> {
  const file = seenFile(where);
  await mkdir(join(where.memory, 'channels'), { recursive: true, mode: 0o700 });
  const before = await readSeen(where);
  const newest = before !== undefined && before.counter > seen.counter ? before : seen;
  const seenOn = Math.max(seen.seenOn, before?.seenOn ?? 0);
  const { place, name } = where;
  const value = { schema: 1, place, name, ...newest, seenOn: new Date(seenOn).toISOString() };
  await writeWholeFile(file, `${JSON.stringify(value, null, 1)}\n`);
  // Another process may have written at the same moment.
  const now = await readSeen(where);
  if (now !== undefined && now.counter < newest.counter) await rememberSeen(where, seen);
}
