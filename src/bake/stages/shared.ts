import { join } from 'node:path';
import type { LockAndPool } from '../../inputs/lock/lock-and-pool.ts';
import {
  belowProject,
  dateInput,
  debconfInputs,
  packageInputs,
  projectFiles,
  settingInputs,
} from '../keys/input-labels.ts';
import { unassignedFields } from '../keys/plan-fields.ts';
import { packPrograms, unpackPrograms } from '../keys/program-groups.ts';
import type { StageMaterial } from '../keys/stage-material.ts';
import { composeOptions, packedTree, treeFolder } from './composing.ts';
import type { StageDefinition } from './stage-definition.ts';

/** The folders with the fixed numbers of users, which exist before packages are installed. */
function fixedNumbers(material: StageMaterial): string[] {
  const layers = new Set(material.plan.roles.flatMap((role) => role.layers));
  return [...layers].map((layer) => `${belowProject(material, layer)}/usr/lib/sysusers.d/`);
}

/** Composes the tree of the packages that all roles have; its output is the absolute path. */
export const shared: StageDefinition<LockAndPool, string> = {
  name: 'shared',
  shared: true,
  after: [],
  programs: [...unpackPrograms, ...packPrograms],
  inputs: (material) => ({
    ...packageInputs(material, 'shared'),
    ...debconfInputs(material.plan.debconf),
    ...projectFiles(material, ...fixedNumbers(material)),
    ...settingInputs({
      suite: material.plan.base.suite,
      architecture: material.plan.base.architecture,
      date: dateInput(material.plan),
    }),
    ...settingInputs(unassignedFields(material.plan)),
  }),
  title: 'compose shared',
  line: 'shared',
  make: async (locked, work) => {
    const { composeShared } = await import('../compose/compose-shared.ts');
    return composeShared(work.host, work.plan, locked, composeOptions(work));
  },
  // It is packed while the roles copy it.
  keep: async (tree, work) => {
    const { packTree } = await import('../compose/tree-file.ts');
    const file = join(work.run.work, `shared-${packedTree}`);
    const { workFolder, logFolder } = composeOptions(work);
    const quiet = { workFolder, logFolder, signal: work.signal };
    await packTree(work.host, { tree, file, log: 'cache-shared.log' }, quiet);
    return { files: { [packedTree]: file }, meta: null };
  },
  restore: async ({ folder }, work) => {
    const { unpackTree } = await import('../compose/tree-file.ts');
    const tree = treeFolder(work);
    await unpackTree(work.host, join(folder, packedTree), tree, composeOptions(work));
    return tree;
  },
};
