import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { allRoles } from '../inputs/roles.ts';
import { recordFiles } from './record-files.ts';
import { smallFile } from './small-file.ts';

const schema = z.object({
  schema: z.literal(1),
  role: z.enum(allRoles),
  version: z.string(),
  /** Name of the cluster in the seed of the node. */
  cluster: z.string(),
  /**
   * When it was boot-tested. Of two versions of one lock, the store takes the later one. Missing from older records.
   */
  published: z.iso.datetime().optional(),
  firmware: z.enum(['bios', 'uefi']),
  accelerator: z.enum(['kvm', 'tcg']),
  guest: z.object({ cpus: z.int().positive(), memoryMiB: z.int().positive() }),
  /** Time from the start of the machine to its first answer over ssh. */
  secondsToSsh: z.number(),
  checks: z.array(
    z.object({
      name: z.string(),
      /** The command that ran on the node as root, with /bin/sh -c. */
      run: z.string(),
      /** Seconds within which it has to pass on real hardware. */
      within: z.number(),
      /** The last line of its output. */
      saw: z.string(),
      seconds: z.number(),
    }),
  ),
});

/** checks.json: how a version was booted before it was published, which checks ran, and their results. */
export type ChecksRecord = Readonly<z.infer<typeof schema>>;

/** Writes checks.json of a version. */
export async function writeChecksRecord(folder: string, record: ChecksRecord): Promise<void> {
  await writeFile(join(folder, recordFiles.checks), `${JSON.stringify(record, null, 2)}\n`);
}

/** Reads checks.json of a version; undefined if it is missing or not valid. */
export async function readChecksRecord(folder: string): Promise<ChecksRecord | undefined> {
  const bytes = await smallFile(join(folder, recordFiles.checks));
  try {
    return bytes && schema.safeParse(JSON.parse(bytes.toString())).data;
  } catch {
    return undefined;
  }
}
