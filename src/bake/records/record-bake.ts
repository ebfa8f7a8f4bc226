import { basename } from 'node:path';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import { allRoles, type Role } from '../../inputs/roles.ts';
import { versionFolder, versionRecord } from '../../store/stored-version.ts';
import { type BakeRecord, bakeRecordText } from '../../version/bake-record.ts';

/** What all images of a bake have in common. */
export interface RecordedBake {
  /** Absolute path of the store. */
  readonly out: string;
  /** Absolute path of the run's folder. */
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  readonly ended: number;
  /** When each stage ran, by its title ("seal master"), in seconds since the bake began. */
  readonly spans: ReadonlyMap<string, { readonly begun: number; readonly seconds: number }>;
  readonly fromCache: readonly string[];
}

/** An image of that bake. */
export interface RecordedImage {
  readonly role: Role;
  readonly version: string;
  readonly boot: BakeRecord['boot'] | undefined;
}

/** Whether a title is of a stage that all roles share, or of this role. */
const concerns = (role: Role, title: string): boolean =>
  !allRoles.some((other) => other !== role && title.endsWith(` ${other}`));

/**
 * Writes VERSION.bake.json next to a published version: how long its bake took, stage by stage, and its boot.
 * @throws a system error when it cannot be written; nothing is left of it then
 */
export async function writeImageBake(
  bake: RecordedBake,
  { role, version, boot }: RecordedImage,
): Promise<void> {
  const { out, run, begun, ended, spans, fromCache } = bake;
  const record: BakeRecord = {
    format: 1,
    run: basename(run),
    begun,
    seconds: (ended - begun) / 1000,
    stages: [...spans].filter(([title]) => concerns(role, title)).map(([name, span]) => ({ name, ...span })),
    fromCache: fromCache.filter((title) => concerns(role, title)),
    ...(boot === undefined ? {} : { boot }),
  };
  await writeWholeFile(versionRecord(versionFolder(out, role, version), 'bake'), bakeRecordText(record));
}
