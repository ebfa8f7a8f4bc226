import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../host/project-folder.ts';
import type { RolePlan } from '../../inputs/plan/plan.ts';
import type { Templates } from '../../render/templates.ts';
import type { ComposedTree } from '../build/composed-tree.ts';
import { dateInput, projectFiles, settingInputs } from '../keys/input-labels.ts';
import { packPrograms } from '../keys/program-groups.ts';
import type { GoldenRoot } from '../seal/seal.ts';
import { changes } from './changes.ts';
import type { StageDefinition } from './stage-definition.ts';
import { metaOf, valueOf } from './stage-meta.ts';
import { tree } from './tree.ts';

interface RootGiven {
  readonly role: RolePlan;
  readonly templates: Templates;
  /** It is changed in place. */
  readonly composed: ComposedTree;
  /** Absolute path of the file with the build guest's changes. */
  readonly changes: string;
}

/** A golden root, and facts about its packages. */
export interface SealedRole {
  readonly root: GoldenRoot;
  /** Packages that are stand-ins, as "name version". */
  readonly standIns: readonly string[];
}

/**
 * The golden root: the tree with the changes applied and residue removed, as squashfs with its hash tree, kernel,
 * initrd and manifest.
 */
export const root: StageDefinition<RootGiven, SealedRole> = {
  name: 'root',
  after: [tree, changes],
  ofImage: true,
  inStaged: true,
  programs: ['attr', 'cryptsetup-bin', ...packPrograms],
  writtenByNode: true,
  inputs: (material, { compressionLevel }) => ({
    // The root hash covers slot.cfg as well.
    ...projectFiles(material, 'images/residue.yaml', 'templates/boot/slot.cfg.hbs'),
    ...settingInputs({ date: dateInput(material.plan), 'compression level': String(compressionLevel) }),
  }),
  title: 'seal',
  // Its compression has as many threads as there are processors.
  takes: () => ({ processors: 2, memoryMiB: 1024 }),
  make: async ({ role: plan, templates, composed, changes: changesDisk }, work) => {
    const { seal } = await import('../seal/seal.ts');
    const { bootContextOf, renderSlot } = await import('../../render/render-boot.ts');
    const { noRootHash } = await import('../../version/verity-salt.ts');
    const { role, files, compressionLevel } = plan;
    const { run, signal, progress } = work;
    const root = await seal(
      work.host,
      {
        ...{ role, tree: composed.tree, changesDisk, files, compressionLevel, signal },
        epoch: work.plan.epoch,
        outFolder: join(run.staged, role),
        residueFile: join(projectFolder, 'images', 'residue.yaml'),
        slotConfig: (version) =>
          renderSlot(templates, bootContextOf(plan, { version, rootHash: noRootHash })),
        onPacked: (seconds) => {
          work.took(`compress ${role}`, seconds);
        },
        onRemoved: (keys) => {
          progress.begin(`removed keys of the build: ${keys.map(({ path }) => path).join(', ')}`).end('done');
        },
      },
      progress.note,
    );
    return { root, standIns: composed.standIns };
  },
  keep: async (sealed, { run }) => {
    const folder = join(run.staged, sealed.root.role);
    const files = Object.fromEntries((await readdir(folder)).map((name) => [name, join(folder, name)]));
    return { files, meta: metaOf(sealed, folder) };
  },
  restore: ({ folder, meta }) => valueOf(meta, folder) as SealedRole,
};
