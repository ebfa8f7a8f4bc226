import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../../inputs/plan/plan.ts';
import { latestVersion } from '../../store/latest-version.ts';
import { versionFolder, versionRecord } from '../../store/stored-version.ts';
import type { Inputs } from '../cache/keyed-stage.ts';
import { type BakeStages, stagesOfRole } from '../keys/bake-stages.ts';

/** The inputs from which a version of the store was last built; stored next to the version's folder. */
interface StageRecord {
  readonly format: 1;
  /** The files of the folder, sizes in bytes. */
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly stages: Readonly<Record<string, { readonly key: string; readonly inputs: Inputs }>>;
  /** Digest of what the texts of these inputs were rendered from. */
  readonly rendering?: string;
}

/** The latest version of a role, and its record. */
export interface RecordedVersion {
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  readonly record: StageRecord;
}

/** A version that was just published. */
export interface PublishedFiles {
  readonly role: Role;
  readonly version: string;
  /** The files in its folder. */
  readonly names: readonly string[];
}

/** Records the inputs of a version that was just published. */
export async function writeStageRecord(
  out: string,
  { role, version, names }: PublishedFiles,
  stages: BakeStages,
): Promise<void> {
  const folder = versionFolder(out, role, version);
  const files = await Promise.all(
    names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })),
  );
  const own = stagesOfRole(stages, role).map(({ name, key, inputs }) => [name, { key, inputs }] as const);
  const { rendering } = stages;
  const record: StageRecord = {
    ...{ format: 1, files, stages: Object.fromEntries(own) },
    ...(rendering === undefined ? {} : { rendering }),
  };
  await writeFile(versionRecord(folder, 'stages'), `${JSON.stringify(record, null, 1)}\n`);
}

/**
 * Reads the latest version of a role and its record; undefined if there is no version, or it is incomplete or without a
 * record.
 */
export async function recordedVersion(out: string, role: Role): Promise<RecordedVersion | undefined> {
  try {
    const latest = await latestVersion(out, role);
    if (latest === undefined) return undefined;
    const { version, folder } = latest;
    const record = JSON.parse(await readFile(versionRecord(folder, 'stages'), 'utf8')) as StageRecord;
    for (const { name, size } of record.files)
      if ((await stat(join(folder, name))).size !== size) return undefined;
    return { version, folder, record };
  } catch {
    return undefined;
  }
}
