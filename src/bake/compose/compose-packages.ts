import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { LockAndPool } from '../../inputs/lock/lock-and-pool.ts';
import { poolFiles } from '../../inputs/lock/wanted-files.ts';
import { debconfSelections } from '../../inputs/plan/debconf-answers.ts';
import type { Plan, Role } from '../../inputs/plan/plan.ts';
import { pooledPath } from '../../inputs/pool/pool.ts';
import { verifyPool } from '../../inputs/pool/verify-pool.ts';
import { checkTree } from './check-tree.ts';
import { requireFixedUsers } from './compare-users.ts';
import type { ComposeOptions } from './compose-options.ts';
import { withExplainedFailure } from './explain-failure.ts';
import { fixedUsersOf } from './fixed-users.ts';
import { installingPackages } from './install-packages.ts';
import { requireLockedPackages } from './installed-packages.ts';
import { packageOrder } from './package-order.ts';
import { reportUnknownQuestions } from './package-templates.ts';
import { changesFile } from './record-changes.ts';
import { runInTree } from './run-in-tree.ts';
import { copyTree } from './tree-file.ts';

/** Removes what belongs only to the build: its mirrors, our options for dpkg and apt, manual pages of alternatives. */
const buildTraces = [
  // A package may install a source of its own vendor.
  `for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do if [ -s "$file" ]; then echo "ingot: $file is removed: nodes install no packages"; echo "$file is removed: nodes install no packages" >>/${changesFile}; fi; done`,
  'rm -f /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/99mmdebstrap /etc/dpkg/dpkg.cfg.d/99mmdebstrap',
  'rm -rf /usr/share/man/*',
];

/** What a role's packages are unpacked from. */
export interface PackagesOfRole {
  readonly plan: Plan;
  readonly role: Role;
  readonly locked: LockAndPool;
  /** The absolute path of the shared tree; it is copied, not changed. */
  readonly shared: string;
  /** Absolute folder of decompressed .debs; it need not have all of them, and need not exist. */
  readonly plain: string;
}

/**
 * Unpacks a role's locked packages, only from the pool, on top of the shared tree.
 * @returns the absolute path of the role's tree
 */
export async function composePackages(
  host: Host,
  { plan, role, locked, shared, plain }: PackagesOfRole,
  options: ComposeOptions,
): Promise<string> {
  const folder = join(options.workFolder, role);
  await mkdir(folder, { recursive: true });
  const tree = join(folder, 'tree');
  const log = join(options.logFolder, `compose-${role}.log`);
  const own = plan.roles.find((one) => one.role === role);
  const debconf = own?.debconf ?? [];
  const users = await fixedUsersOf(own?.layers ?? []);
  const { lock, pool } = locked;
  const debs = poolFiles(lock, [role]);
  // dpkg does not know the lock's digests.
  await verifyPool(pool, debs, options.signal);
  const { architecture } = plan.base;
  await withExplainedFailure({ what: role, log, tree, users }, options, async (watched) => {
    const place = { tree: shared, folder: join(folder, 'packages'), log };
    const steps = await packageOrder(host, { pool, debs, architecture, ...place }, watched);
    await copyTree(host, { from: shared, to: tree }, options);
    const found = new Set(
      debs.map(({ sha256 }) => sha256).filter((sha256) => existsSync(pooledPath(plain, sha256))),
    );
    const args = installingPackages({
      ...{ debs, plain: found, steps, debconf: debconfSelections(debconf), users },
    });
    // One line is one argument: the kernel limits the length of each (execve(2)).
    const script = ['for line; do eval "$line"; done', ...buildTraces];
    const read = found.size === 0 ? { pool } : { pool, plain };
    await runInTree(host, tree, { script, args, ...read, epoch: plan.epoch, log }, watched);
  });
  await requireLockedPackages(host, tree, lock, ['shared', role]);
  await reportUnknownQuestions(tree, debconf, options.onLine);
  await checkTree(host, tree, options);
  await requireFixedUsers(tree, users, `after the packages of the ${role} were unpacked`);
  return tree;
}
