import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleDisk, type AssembledDisk } from '../assemble/disk.ts';
import { sideBySide } from '../host/side-by-side.ts';
import { diskIdentifiers } from '../plan/disk-identifiers.ts';
import type { Role, RolePlan } from '../plan/plan.ts';
import { renderGrub } from '../render/render-grub.ts';
import { seal, type GoldenRoot } from '../seal/seal.ts';
import type { ComposedForBake } from './composed-for-bake.ts';
import { rolesOf, type Making, type MakingRole } from './making.ts';
import type { ProgressStage } from './progress-stage.ts';
import { projectFolder } from './project-folder.ts';
import { metaOf, valueOf } from './stage-meta.ts';

/** One image that is made and not published. */
export interface MadeImage {
  readonly role: RolePlan;
  /** Packages that are stand-ins, as "name version". */
  readonly standIns: readonly string[];
  readonly root: GoldenRoot;
  readonly disk: AssembledDisk;
}

/** A golden root, and what is known of its packages. */
interface SealedRole {
  readonly root: GoldenRoot;
  readonly standIns: readonly string[];
}

const diskName = 'disk.qcow2';

async function sealRole(
  making: Making,
  role: MakingRole,
  input: { readonly composed: ComposedForBake; readonly changes: string },
  signal: AbortSignal,
  progress: ProgressStage,
): Promise<SealedRole> {
  const { host, request, run, cache, times } = making;
  const outFolder = join(run.staged, role.plan.role);
  const title = `seal ${role.plan.role}`;
  const root = await times.time(title, () =>
    seal(
      host,
      {
        role: role.plan.role,
        tree: input.composed.composed.tree,
        changesDisk: input.changes,
        epoch: request.plan.epoch,
        outFolder,
        residueFile: join(projectFolder, 'images', 'residue.yaml'),
        signal,
      },
      progress.note,
    ),
  );
  const sealed = { root, standIns: input.composed.composed.standIns };
  const names = await readdir(outFolder);
  const files = Object.fromEntries(
    names.filter((name) => name !== diskName).map((name) => [name, join(outFolder, name)]),
  );
  const meta = metaOf(sealed, outFolder);
  cache.keep(role.stages.root, files, { meta, seconds: times.seconds[title] ?? 0 });
  return sealed;
}

async function assembleRole(
  making: Making,
  role: MakingRole,
  root: GoldenRoot,
  signal: AbortSignal,
  progress: ProgressStage,
): Promise<AssembledDisk> {
  const { host, request, templates, run, cache, times } = making;
  const outFolder = join(run.staged, role.plan.role);
  const grubConfig = renderGrub(templates, {
    title: `ingot-${role.plan.role}-${root.version}`,
    version: root.version,
    espId: diskIdentifiers(root.manifestSha256).fatUuid,
    rootHash: root.rootHash,
    kernelArguments: role.plan.kernelArguments,
  });
  const title = `assemble ${role.plan.role}`;
  const disk = await times.time(title, () =>
    assembleDisk(
      host,
      {
        squashfs: root.squashfs,
        hashTree: root.hashTree,
        kernel: root.kernel,
        initrd: root.initrd,
        manifestSha256: root.manifestSha256,
        grubConfig,
        epoch: request.plan.epoch,
        outFile: join(outFolder, diskName),
        signal,
      },
      progress.note,
    ),
  );
  const made = { meta: metaOf(disk, outFolder), seconds: times.seconds[title] ?? 0 };
  // People boot a disk and write to it: the cache has its own.
  cache.keep(role.stages.artifacts, { [diskName]: disk.file }, made, 'copy');
  return disk;
}

/** The golden root and the disk of a role, each from the cache or made. */
async function imageOf(
  making: Making,
  role: MakingRole,
  input: { readonly composed: ComposedForBake; readonly changes: string } | undefined,
  signal: AbortSignal,
  progress: ProgressStage,
): Promise<MadeImage> {
  const { restored } = making;
  const there = restored.of(role.stages.root);
  if (there === undefined && input === undefined) throw new Error(`${role.plan.role} was not composed`);
  const sealed =
    there === undefined && input !== undefined
      ? await sealRole(making, role, input, signal, progress)
      : (valueOf(there?.meta ?? null, there?.folder) as SealedRole);
  const assembled = restored.of(role.stages.artifacts);
  const disk =
    assembled === undefined
      ? await assembleRole(making, role, sealed.root, signal, progress)
      : (valueOf(assembled.meta, assembled.folder) as AssembledDisk);
  return { role: role.plan, standIns: sealed.standIns, root: sealed.root, disk };
}

/** Gives the image of every role, staged for the store; what is not in the cache is sealed and assembled, all roles side by side. */
export async function sealRoles(
  making: Making,
  composed: readonly ComposedForBake[],
  changes: ReadonlyMap<Role, string>,
  progress: ProgressStage,
): Promise<MadeImage[]> {
  const { request, restored } = making;
  // The files of stages before are being taken into the cache, and sealing changes the trees.
  await making.cache.settled();
  const part = (role: MakingRole) => (either: AbortSignal) => {
    const one = composed.find(({ role: plan }) => plan === role.plan);
    const changed = changes.get(role.plan.role);
    const input =
      one === undefined || changed === undefined ? undefined : { composed: one, changes: changed };
    if (restored.of(role.stages.artifacts) !== undefined)
      return imageOf(making, role, input, either, progress);
    return progress.stage(role.plan.role, (stage) => imageOf(making, role, input, either, stage));
  };
  return sideBySide(request.signal, rolesOf(making).map(part));
}
