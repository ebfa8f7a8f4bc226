import { dirname, join } from 'node:path';
import type { LockAndPool } from '../../inputs/lock/lock-and-pool.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { answers, dateOf, packagesIn, settingInputs } from '../keys/input-labels.ts';
import { packing, unpacking } from '../keys/program-groups.ts';
import { composing, packedTree, treeFolder } from './composing.ts';
import { shared } from './shared.ts';
import type { StageDefinition } from './stage-definition.ts';

interface PackagesGiven {
  readonly role: Role;
  readonly locked: LockAndPool;
  /** Absolute path of the tree that the roles share. */
  readonly shared: string;
}

/** Unpacks the packages of a role on top of the shared tree; its output is the absolute path of the tree. */
export const packages: StageDefinition<PackagesGiven, string> = {
  name: 'packages',
  after: [shared],
  programs: [...unpacking, ...packing],
  inputs: (material, { role, debconf }) => ({
    ...packagesIn(material, role),
    ...answers(debconf),
    ...settingInputs({ suite: material.plan.base.suite, date: dateOf(material.plan) }),
  }),
  title: 'unpack',
  make: async (given, work) => {
    const { composePackages } = await import('../compose/compose-packages.ts');
    return composePackages(
      work.host,
      { plan: work.plan, role: given.role, locked: given.locked, shared: given.shared },
      composing(work),
    );
  },
  // The next stage changes the tree.
  keepFirst: true,
  keep: async (tree, work) => {
    const { packTree } = await import('../compose/tree-file.ts');
    const file = join(dirname(tree), `packages-${packedTree}`);
    await packTree(work.host, { tree, file, log: `cache-${work.role ?? ''}.log` }, composing(work));
    return { files: { [packedTree]: file }, meta: null };
  },
  restore: async ({ folder }, work) => {
    const { unpackTree } = await import('../compose/tree-file.ts');
    const tree = treeFolder(work);
    await unpackTree(work.host, join(folder, packedTree), tree, composing(work));
    return tree;
  },
};
