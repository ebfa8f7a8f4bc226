import { join } from 'node:path';
import type { Artifacts, VersionText } from '../../disk/artifacts.ts';
import { type Lock, packagesOf } from '../../inputs/lock/lock.ts';
import { distributionSources } from '../../inputs/lock/source-names.ts';
import { diskIdentifiers } from '../../inputs/plan/disk-identifiers.ts';
import type { Plan, RolePlan } from '../../inputs/plan/plan.ts';
import { allTargets, targetsOf } from '../../inputs/targets/all-targets.ts';
import type { Templates } from '../../render/templates.ts';
import { dateInput, projectFiles, renderedTexts, settingInputs } from '../keys/input-labels.ts';
import type { StageMaterial } from '../keys/stage-material.ts';
import { root, type SealedRole } from './root.ts';
import type { StageDefinition, StageWorkspace } from './stage-definition.ts';
import { metaOf, valueOf } from './stage-meta.ts';

interface ArtifactsGiven extends SealedRole {
  readonly role: RolePlan;
  readonly templates: Templates;
  readonly lock: Lock;
}

/** The templates of the targets, in addition to those of the disk. */
const templatesOf = ({ targets }: Plan): readonly string[] =>
  targetsOf(targets).flatMap(({ texts }) => (texts === undefined ? [] : [`templates/${texts.templates}/`]));

/** The sources of packages that are not from the distribution, which the bill of materials lists. */
function foreignSources({ plan, lock }: StageMaterial, { role }: RolePlan): Readonly<Record<string, string>> {
  const own = distributionSources(plan.base.sources);
  const foreign = packagesOf(lock, ['shared', role]).filter(({ source }) => !own.has(source));
  return Object.fromEntries(foreign.map(({ name, source }) => [`source of ${name}`, source]));
}

/** The texts that are generated for every version, and what describes its root. */
async function textsOf(
  given: ArtifactsGiven,
  memoryMiB: number,
  { host, plan }: StageWorkspace,
): Promise<readonly VersionText[]> {
  const { describeRoot } = await import('../build/describe-root.ts');
  const { versionTexts } = await import('../build/version-texts.ts');
  const { role, templates, lock, root: sealed, standIns } = given;
  const { version, rootHash, squashfsSize: rootBytes } = sealed;
  const facts = { version, rootHash, rootBytes, memoryMiB, production: standIns.length === 0 };
  const described = await describeRoot(host, sealed, { lock, sources: plan.base.sources });
  return [...versionTexts(templates, plan, role, facts), ...described];
}

/** Every format of a role's image that the plan requests, next to its golden root. */
export const artifacts: StageDefinition<ArtifactsGiven, Artifacts> = {
  name: 'artifacts',
  after: [root],
  ofImage: true,
  inStaged: true,
  addsTo: root,
  programs: [
    ...['dosfstools', 'e2fsprogs', 'gdisk', 'grub-common', 'grub-efi-amd64-bin', 'grub-pc-bin'],
    ...['libzstd1', 'mtools', 'qemu-utils', 'tar', 'xorriso', 'zlib1g', 'zstd'],
  ],
  writtenByNode: true,
  rendered: [
    'boot/',
    ...allTargets.flatMap(({ texts }) => (texts === undefined ? [] : [`${texts.folder}/`])),
  ],
  texts: (of) => of.version(),
  inputs: (material, role) => {
    const { plan } = material;
    return {
      ...projectFiles(material, 'templates/boot/', ...templatesOf(plan)),
      ...settingInputs({
        'kernel arguments': role.kernelArguments.join(' '),
        cluster: plan.cluster,
        date: dateInput(plan),
        targets: plan.targets.join(' '),
        memory: `${role.memoryMiB} MiB`,
        ...foreignSources(material, role),
      }),
      ...renderedTexts(material, role, 'artifacts'),
    };
  },
  title: 'assemble',
  // Its compression has as many threads as there are processors.
  takes: () => ({ processors: 2, memoryMiB: 1024 }),
  make: async (given, work) => {
    const { assembleArtifacts } = await import('../../disk/artifacts.ts');
    const { renderGrub } = await import('../../render/render-boot.ts');
    const { imageFactsOf, renderTargets } = await import('../../render/render-target.ts');
    const { memoryOf } = await import('../../version/boot-record.ts');
    const { role, templates, root: sealed } = given;
    const { host, plan, run, signal, progress } = work;
    const { squashfs, hashTree, kernel, initrd, manifestSha256 } = sealed;
    const memoryMiB = await memoryOf([squashfs, hashTree], role.memoryMiB);
    const targets = targetsOf(plan.targets);
    const facts = { version: sealed.version, rootHash: sealed.rootHash, memoryMiB };
    return assembleArtifacts(
      host,
      {
        ...{ squashfs, hashTree, kernel, initrd, manifestSha256, signal },
        grubConfig: renderGrub(templates, diskIdentifiers(manifestSha256).fatUuid),
        texts: await textsOf(given, memoryMiB, work),
        targetTexts: (diskBytes) =>
          renderTargets(templates, targets, imageFactsOf(role, { ...facts, diskBytes })),
        ...{ targets, epoch: plan.epoch, version: sealed.version },
        folder: join(run.staged, role.role),
        work: join(run.work, 'assemble', `${role.role}.raw`),
      },
      progress.note,
    );
  },
  // Users boot a disk and write to it, so the cache has its own copy.
  placement: 'copy',
  keep: (made, { run, role }) => {
    const folder = join(run.staged, role ?? '');
    const files = Object.fromEntries(made.files.map((path) => [path, join(folder, path)]));
    return { files, meta: metaOf(made, folder) };
  },
  restore: async ({ folder, meta }, { plan }) => {
    const { linkSharedFiles } = await import('../../version/shared-files.ts');
    // The cache does not store the links.
    await linkSharedFiles(folder, targetsOf(plan.targets));
    return valueOf(meta, folder) as Artifacts;
  },
};
