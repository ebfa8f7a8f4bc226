import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { LockAndPool } from '../../inputs/lock/lock-and-pool.ts';
import { debconfSelections } from '../../inputs/plan/debconf-answers.ts';
import type { Plan } from '../../inputs/plan/plan.ts';
import { checkTree } from './check-tree.ts';
import { requireFixedUsers } from './compare-users.ts';
import { type ComposeOptions, programOptions } from './compose-options.ts';
import { withExplainedFailure } from './explain-failure.ts';
import { fixedUsersOf, releaseUsers, sharedLayers } from './fixed-users.ts';
import { requireLockedPackages } from './installed-packages.ts';
import { lockedInput } from './locked-input.ts';
import { mmdebstrap } from './mmdebstrap.ts';
import { inTreeHook } from './sandbox.ts';

/** Absolute path of the tree that the roles share. */
export function sharedTreeOf(workFolder: string): string {
  return join(workFolder, 'shared', 'tree');
}

/**
 * Unpacks the locked packages that all roles share, once, only from the pool.
 * @returns the absolute path of the tree
 */
export async function composeShared(
  host: Host,
  plan: Plan,
  locked: LockAndPool,
  options: ComposeOptions,
): Promise<string> {
  // In its own folder, because mmdebstrap cannot write anywhere else.
  const folder = join(options.workFolder, 'shared');
  const tree = sharedTreeOf(options.workFolder);
  await mkdir(folder, { recursive: true });
  const input = await lockedInput(host, locked, 'shared', join(folder, 'packages'));
  const users = await fixedUsersOf(sharedLayers(plan.roles));
  const all = await fixedUsersOf(plan.roles.flatMap(({ layers }) => layers));
  const later = all.filter(({ name }) => !users.some((one) => one.name === name));
  const log = join(options.logFolder, 'compose-shared.log');
  await withExplainedFailure({ what: 'shared', log, tree, users }, options, (watched) =>
    mmdebstrap(host, {
      suite: plan.base.suite,
      packages: input.packages,
      tree,
      sources: input.sources,
      epoch: plan.epoch,
      // Runs in the tree, so that links resolve inside it.
      customizeHooks: [
        inTreeHook('rm -f /etc/apt/sources.list.d/*'),
        ...(later.length === 0 ? [] : [inTreeHook(releaseUsers(later))]),
      ],
      debconf: debconfSelections(plan.debconf ?? []),
      users: [...users, ...later],
      log,
      ...programOptions(watched),
    }),
  );
  await requireLockedPackages(host, tree, locked.lock, ['shared']);
  await checkTree(host, tree, options);
  await requireFixedUsers(tree, users, 'after the packages of both roles were unpacked', later);
  return tree;
}
