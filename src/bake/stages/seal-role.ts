import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { bootContextOf, renderSlot } from '../../render/render-boot.ts';
import { noRootHash } from '../../version/verity-salt.ts';
import type { ComposedForBake } from '../composed-for-bake.ts';
import type { Making, MakingRole } from '../making.ts';
import { type GoldenRoot, seal } from '../seal/seal.ts';
import { metaOf, valueOf } from '../stage-meta.ts';

/** A golden root, and what is known of its packages. */
export interface SealedRole {
  readonly root: GoldenRoot;
  /** Packages that are stand-ins, as "name version". */
  readonly standIns: readonly string[];
}

/** What a role is sealed of: its tree, and the disk with what the build guest changed. */
export interface SealInput {
  readonly composed: ComposedForBake;
  readonly changes: string;
}

/** The golden root of a role that was taken from the cache; undefined when it has to be sealed. */
export function restoredRoot({ restored }: Making, role: MakingRole): SealedRole | undefined {
  const there = restored.of(role.stages.root);
  return there === undefined ? undefined : (valueOf(there.meta, there.folder) as SealedRole);
}

/** Seals a role into its staged folder, and gives the files to the cache. */
export async function sealRole(
  making: Making,
  role: MakingRole,
  input: SealInput | undefined,
  signal: AbortSignal,
  progress: ProgressStage,
): Promise<SealedRole> {
  const { host, request, templates, run, cache, times } = making;
  if (input === undefined) throw new Error(`${role.plan.role} was not composed`);
  const outFolder = join(run.staged, role.plan.role);
  const title = `seal ${role.plan.role}`;
  const root = await times.time(title, () =>
    seal(
      host,
      {
        role: role.plan.role,
        tree: input.composed.composed.tree,
        changesDisk: input.changes,
        files: role.plan.files,
        epoch: request.plan.epoch,
        outFolder,
        residueFile: join(projectFolder, 'images', 'residue.yaml'),
        compressionLevel: role.plan.compressionLevel,
        slotConfig: (version) =>
          renderSlot(templates, bootContextOf(role.plan, { version, rootHash: noRootHash })),
        signal,
        onPacked: (seconds) => {
          times.note(`compress ${role.plan.role}`, seconds);
        },
        onRemoved: (keys) => {
          progress.begin(`removed keys of the build: ${keys.map(({ path }) => path).join(', ')}`).end('done');
        },
      },
      progress.note,
    ),
  );
  const sealed = { root, standIns: input.composed.composed.standIns };
  const files = Object.fromEntries((await readdir(outFolder)).map((name) => [name, join(outFolder, name)]));
  const meta = metaOf(sealed, outFolder);
  cache.keep(role.stages.root, files, { meta, seconds: times.seconds[title] ?? 0 });
  return sealed;
}
