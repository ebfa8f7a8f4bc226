import { join } from 'node:path';
import { z } from 'zod';
import { IngotError } from '../host/ingot-error.ts';
import { allRoles } from '../inputs/roles.ts';
import { smallFile } from './small-file.ts';

/** The file that marks a development version. No version of a store has it. */
export const devRecordName = 'dev.json';

const schema = z.object({
  schema: z.literal(1),
  role: z.enum(allRoles),
  version: z.string(),
  cluster: z.string(),
  /** When it was baked. */
  baked: z.iso.datetime(),
  firmware: z.enum(['bios', 'uefi']),
  /** Digest of everything that it was made and tested from, 64 hexadecimal digits. */
  key: z.string(),
});

/** What a development version says about itself. */
export type DevRecord = Readonly<z.infer<typeof schema>>;

/**
 * Reads the mark of a development version.
 * @param folder absolute path
 * @returns undefined if the folder has none, "damaged" if it has one that cannot be read
 */
export async function readDevRecord(folder: string): Promise<DevRecord | 'damaged' | undefined> {
  const text = (await smallFile(join(folder, devRecordName)))?.toString();
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? 'damaged';
  } catch {
    return 'damaged';
  }
}

/**
 * Refuses a development version where one for use is needed.
 * @param folder absolute path
 * @throws IngotError not-publishable for a folder with the mark of a development version
 */
export async function refuseDevVersion(folder: string): Promise<void> {
  const record = await readDevRecord(folder);
  if (record === undefined) return;
  const made = record === 'damaged' ? '' : ` of the ${record.role}, made on ${record.baked}`;
  throw new IngotError({
    code: 'not-publishable',
    message: `${folder} is a development version${made} by ingot bake --fast: it has no digests, no signature and no provenance`,
    hint: 'bake it without --fast: ingot bake SPEC; to look at this one: ingot shell ROLE dev',
  });
}
