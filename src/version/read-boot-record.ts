import { join } from 'node:path';
import { z } from 'zod';
import { allRoles } from '../inputs/roles.ts';
import { type BootRecord, bootRecordName } from './boot-record.ts';
import { notAVersion } from './not-a-version.ts';
import { smallFile } from './small-file.ts';

const facts = z.object({
  role: z.enum(allRoles),
  version: z.string(),
  rootHash: z.string().regex(/^[0-9a-f]{64}$/),
  rootBytes: z.int().nonnegative(),
  kernelArguments: z.array(z.string()),
  memoryMiB: z.int().nonnegative(),
});

const origin = z.object({
  cluster: z.string(),
  date: z.iso.datetime(),
  production: z.boolean(),
  architecture: z.string(),
  layout: z.string(),
  scheduler: z.string().exactOptional(),
});

const schema = z.discriminatedUnion('schema', [
  facts.extend({ schema: z.literal(1) }),
  facts.extend({ schema: z.literal(2), ...origin.shape }),
]);

/** A boot record, or why it cannot be read: it ends the sentence "it is not a version, because …". */
type Reading = { readonly record: BootRecord } | { readonly why: string };

async function reading(folder: string): Promise<Reading> {
  const text = (await smallFile(join(folder, bootRecordName)))?.toString();
  if (text === undefined) return { why: `it has no ${bootRecordName}` };
  try {
    const { data, error } = schema.safeParse(JSON.parse(text));
    if (data !== undefined) return { record: data };
    const fields = [...new Set(error.issues.map(({ path }) => path.join('.')))].filter((path) => path !== '');
    return { why: `${bootRecordName} is damaged${fields.length === 0 ? '' : `: see ${fields.join(', ')}`}` };
  } catch {
    return { why: `${bootRecordName} is not JSON` };
  }
}

/**
 * Reads and validates boot.json of a version folder. All other modules read it with this function or with
 * requireBootRecord.
 * @param folder absolute path
 * @returns undefined if the file is missing or damaged
 * @throws IngotError damaged-version if the file is larger than 1 MiB
 */
export async function readBootRecord(folder: string): Promise<BootRecord | undefined> {
  const read = await reading(folder);
  return 'record' in read ? read.record : undefined;
}

/**
 * Reads boot.json of a folder that has to be a version.
 * @param folder absolute path
 * @throws IngotError not-a-version if the file is missing or damaged, with the names of the invalid fields
 */
export async function requireBootRecord(folder: string): Promise<BootRecord> {
  const read = await reading(folder);
  if ('record' in read) return read.record;
  throw notAVersion(folder, read.why);
}
