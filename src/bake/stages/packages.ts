import { dirname, join } from 'node:path';
import type { LockAndPool } from '../../inputs/lock/lock-and-pool.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { dateInput, debconfInputs, packageInputs, settingInputs } from '../keys/input-labels.ts';
import { packPrograms, unpackPrograms } from '../keys/program-groups.ts';
import { composeOptions, packedTree, treeFolder } from './composing.ts';
import { shared } from './shared.ts';
import type { StageDefinition } from './stage-definition.ts';

interface PackagesGiven {
  readonly role: Role;
  readonly locked: LockAndPool;
  /** Absolute path of the tree that the roles share. */
  readonly shared: string;
  /** Absolute folder of decompressed .debs. */
  readonly plain: string;
}

/** Unpacks the packages of a role on top of the shared tree; its output is the absolute path of the tree. */
export const packages: StageDefinition<PackagesGiven, string> = {
  name: 'packages',
  after: [shared],
  programs: [...unpackPrograms, ...packPrograms],
  inputs: (material, { role, debconf }) => ({
    ...packageInputs(material, role),
    ...debconfInputs(debconf),
    ...settingInputs({ suite: material.plan.base.suite, date: dateInput(material.plan) }),
  }),
  title: 'unpack',
  make: async (given, work) => {
    const { composePackages } = await import('../compose/compose-packages.ts');
    return composePackages(work.host, { plan: work.plan, ...given }, composeOptions(work));
  },
  // The next stage changes the tree.
  keepFirst: true,
  keep: async (tree, work) => {
    const { packTree } = await import('../compose/tree-file.ts');
    const file = join(dirname(tree), `packages-${packedTree}`);
    await packTree(work.host, { tree, file, log: `cache-${work.role ?? ''}.log` }, composeOptions(work));
    return { files: { [packedTree]: file }, meta: null };
  },
  restore: async ({ folder }, work) => {
    const { unpackTree } = await import('../compose/tree-file.ts');
    const tree = treeFolder(work);
    await unpackTree(work.host, join(folder, packedTree), tree, composeOptions(work));
    return tree;
  },
};
