import { join } from 'node:path';
import { type Artifacts, assembleArtifacts } from '../../disk/artifacts.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { diskIdentifiers } from '../../inputs/plan/disk-identifiers.ts';
import { targetsOf } from '../../inputs/targets/all-targets.ts';
import { renderGrub } from '../../render/render-boot.ts';
import { imageFactsOf, renderTargets } from '../../render/render-target.ts';
import { memoryOf } from '../../version/boot-record.ts';
import { bomName } from '../../version/sbom/bom.ts';
import { linkSharedFiles } from '../../version/shared-files.ts';
import type { Making, MakingRole } from '../making.ts';
import { metaOf, valueOf } from '../stage-meta.ts';
import { versionTexts } from '../version-texts.ts';
import { describeRoot } from './describe-root.ts';
import type { SealedRole } from './seal-role.ts';

/** The artifacts of a role that were taken from the cache, with the links that it does not keep; undefined when they have to be made. */
export async function restoredArtifacts(
  { request, restored }: Making,
  role: MakingRole,
): Promise<Artifacts | undefined> {
  const there = restored.of(role.stages.artifacts);
  if (there === undefined) return undefined;
  await linkSharedFiles(there.folder, targetsOf(request.plan.targets));
  return valueOf(there.meta, there.folder) as Artifacts;
}

/** What is generated for every version, and its bill of materials. */
async function textsOf(
  { host, request, templates }: Making,
  role: MakingRole,
  { root, standIns }: SealedRole,
  memoryMiB: number,
) {
  const { plan, locked } = request;
  const { version, rootHash, squashfsSize: rootBytes } = root;
  const facts = { version, rootHash, rootBytes, memoryMiB, production: standIns.length === 0 };
  const texts = versionTexts(templates, plan, role.plan, facts);
  const content = await describeRoot(host, root, { lock: locked.lock, sources: plan.base.sources });
  return [...texts, { path: bomName, content }];
}

/** Makes every form of a role's image that the plan asks for in its staged folder, and gives the files to the cache. */
export async function assembleRole(
  making: Making,
  role: MakingRole,
  sealed: SealedRole,
  signal: AbortSignal,
  progress: ProgressStage,
): Promise<Artifacts> {
  const { host, request, templates, run, cache, times } = making;
  const { role: name } = role.plan;
  const { root } = sealed;
  const folder = join(run.staged, name);
  const title = `assemble ${name}`;
  const memoryMiB = await memoryOf([root.squashfs, root.hashTree], role.plan.memoryMiB);
  const targets = targetsOf(request.plan.targets);
  const facts = { version: root.version, rootHash: root.rootHash, memoryMiB };
  const artifacts = await times.time(title, async () =>
    assembleArtifacts(
      host,
      {
        squashfs: root.squashfs,
        hashTree: root.hashTree,
        kernel: root.kernel,
        initrd: root.initrd,
        manifestSha256: root.manifestSha256,
        grubConfig: renderGrub(templates, diskIdentifiers(root.manifestSha256).fatUuid),
        texts: await textsOf(making, role, sealed, memoryMiB),
        targetTexts: (diskBytes) =>
          renderTargets(templates, targets, imageFactsOf(role.plan, { ...facts, diskBytes })),
        targets,
        epoch: request.plan.epoch,
        folder,
        work: join(run.work, 'assemble', `${name}.raw`),
        signal,
      },
      progress.note,
    ),
  );
  const made = { meta: metaOf(artifacts, folder), seconds: times.seconds[title] ?? 0 };
  const files = Object.fromEntries(artifacts.files.map((path) => [path, join(folder, path)]));
  // People boot a disk and write to it: the cache has its own.
  cache.keep(role.stages.artifacts, files, made, 'copy');
  return artifacts;
}
