import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../../inputs/plan/plan.ts';
import { versionFolder } from '../../store/promote.ts';
import { latestLink } from '../../store/version-name.ts';
import type { Inputs } from '../cache/keyed-stage.ts';
import { type BakeStages, stagesOfRole } from '../keys/bake-stages.ts';

/** From which inputs a version of the store was made last; it lies beside the version's folder. */
interface StageRecord {
  readonly format: 1;
  /** What lies in the folder, sizes in bytes. */
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly stages: Readonly<Record<string, { readonly key: string; readonly inputs: Inputs }>>;
  /** Digest of what the texts of these inputs were rendered of. */
  readonly rendering?: string;
}

/** The latest version of a role, and its record. */
export interface LatestVersion {
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  readonly record: StageRecord;
}

function recordFile(out: string, role: Role, version: string): string {
  return `${versionFolder(out, role, version)}.stages.json`;
}

/** A version that was just published. */
export interface PublishedFiles {
  readonly role: Role;
  readonly version: string;
  /** The files in its folder. */
  readonly names: readonly string[];
}

/** Keeps from what a version that was just published was made. */
export async function keepStageRecord(
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
  await writeFile(recordFile(out, role, version), `${JSON.stringify(record, null, 1)}\n`);
}

/** What the store has as the latest of a role; undefined if that is nothing, incomplete, or without a record. */
export async function latestVersion(out: string, role: Role): Promise<LatestVersion | undefined> {
  try {
    const { version } = await latestLink(out, role);
    if (version === undefined) return undefined;
    const folder = versionFolder(out, role, version);
    const record = JSON.parse(await readFile(recordFile(out, role, version), 'utf8')) as StageRecord;
    for (const { name, size } of record.files)
      if ((await stat(join(folder, name))).size !== size) return undefined;
    return { version, folder, record };
  } catch {
    return undefined;
  }
}
