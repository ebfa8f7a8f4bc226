import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Role } from '../../inputs/roles.ts';
import { versionRecord } from '../../store/stored-version.ts';
import { bootTimesSchema, readBakeRecord } from '../../version/bake-record.ts';
import { provenanceName } from '../../version/provenance/statement.ts';
import { smallFile } from '../../version/small-file.ts';
import type { BootTimes } from '../../vm/boot-stages.ts';
import type { ReportedBake } from './version-facts.ts';

const provenanceSchema = z.object({
  predicate: z.object({
    buildDefinition: z.object({
      internalParameters: z.object({ stages: z.record(z.string(), z.object({ was: z.string() })) }),
    }),
    runDetails: z.object({
      builder: z.object({ version: z.record(z.string(), z.string()).default({}) }),
      metadata: z.object({
        invocationId: z.string().regex(/^[\w-]+$/),
        startedOn: z.iso.datetime(),
        finishedOn: z.iso.datetime(),
      }),
    }),
  }),
});

const runSchema = z.object({
  images: z.array(
    z.object({ version: z.string(), verified: z.object({ boot: bootTimesSchema.exactOptional() }) }),
  ),
  seconds: z.record(z.string(), z.number()),
});

/** What a bake left about a version. */
export interface FoundBake {
  readonly bake: ReportedBake | undefined;
  readonly times: BootTimes | undefined;
}

function parsed<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** Reads how a version was baked: when, and which stages came from the cache. Undefined without a valid provenance. */
async function fromProvenance(folder: string): Promise<Omit<ReportedBake, 'stages'> | undefined> {
  const text = (await smallFile(join(folder, provenanceName)))?.toString();
  const found = parsed(provenanceSchema, text)?.predicate;
  if (found === undefined) return undefined;
  const { metadata, builder } = found.runDetails;
  const { startedOn, finishedOn, invocationId } = metadata;
  return {
    run: invocationId,
    begun: startedOn,
    seconds: (Date.parse(finishedOn) - Date.parse(startedOn)) / 1000,
    fromCache: Object.entries(found.buildDefinition.internalParameters.stages).flatMap(([title, { was }]) =>
      was === 'cached' ? [title] : [],
    ),
    programs: builder.version,
  };
}

/** What the logs of a run say about a version that has no record of its own. */
async function fromRun(
  out: string,
  { run, role, version }: { readonly run: string; readonly role: Role; readonly version: string },
): Promise<Pick<ReportedBake, 'stages'> & { readonly times: BootTimes | undefined }> {
  const file = join(out, 'runs', run, 'logs', 'report.json');
  const found = parsed(runSchema, await readFile(file, 'utf8').catch(() => undefined));
  const image = found?.images.find((one) => one.version === version);
  if (found === undefined || image === undefined) return { stages: [], times: undefined };
  const stages = Object.entries(found.seconds)
    .filter(([name]) => !/ (master|slave)$/.test(name) || name.endsWith(` ${role}`))
    .map(([name, seconds]) => ({ name, begun: undefined, seconds }));
  return { stages, times: image.verified.boot };
}

/**
 * Reads how long the bake of a version took and how it booted: from VERSION.bake.json, or for versions of the time
 * before that file from its provenance and the logs of its run.
 * @param out absolute path of the store
 * @param folder absolute path of the version
 */
export async function readBake(
  out: string,
  { role, version, folder }: { readonly role: Role; readonly version: string; readonly folder: string },
): Promise<FoundBake> {
  const made = await fromProvenance(folder);
  const record = await readBakeRecord(versionRecord(folder, 'bake'));
  if (record !== undefined) {
    const { run, begun, seconds, stages, fromCache, boot } = record;
    const bake = { run, begun: new Date(begun).toISOString(), seconds, stages, fromCache };
    return { bake: { ...bake, programs: made?.programs ?? {} }, times: boot };
  }
  if (made === undefined) return { bake: undefined, times: undefined };
  const { stages, times } = await fromRun(out, { run: made.run, role, version });
  return { bake: { ...made, stages }, times };
}
