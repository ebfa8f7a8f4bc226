import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { LockAndPool } from '../../inputs/lock/lock-and-pool.ts';
import { debconfSelections } from '../../inputs/plan/debconf-answers.ts';
import type { Plan, Role } from '../../inputs/plan/plan.ts';
import { checkTree } from './check-tree.ts';
import { requireFixedUsers } from './compare-users.ts';
import { type ComposeOptions, programOptions } from './compose-options.ts';
import { withExplainedFailure } from './explain-failure.ts';
import { fixedUsersOf } from './fixed-users.ts';
import { requireLockedPackages } from './installed-packages.ts';
import { lockedInput } from './locked-input.ts';
import { mmdebstrap } from './mmdebstrap.ts';
import { reportUnknownQuestions } from './package-templates.ts';
import { changesFile } from './record-changes.ts';
import { inTreeHook } from './sandbox.ts';

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

/** Removes what belongs only to the build: its mirrors, our options for dpkg and apt, manual pages of alternatives. */
const buildTraces = [
  // A package may install a source of its own vendor; mmdebstrap's own file begins with 0000.
  `for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do case $file in */0000*) continue ;; esac; if [ -s "$file" ]; then echo "ingot: $file is removed: nodes install no packages"; echo "$file is removed: nodes install no packages" >>/${changesFile}; fi; done`,
  'rm -f /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/99mmdebstrap /etc/dpkg/dpkg.cfg.d/99mmdebstrap',
  'rm -rf /usr/share/man/*',
].map(inTreeHook);

/** What a role's packages are unpacked from. */
export interface PackagesOfRole {
  readonly plan: Plan;
  readonly role: Role;
  readonly locked: LockAndPool;
  /** The absolute path of the shared tree; it is copied, not changed. */
  readonly shared: string;
}

/**
 * Unpacks a role's locked packages, only from the pool, on top of the shared tree.
 * @returns the absolute path of the role's tree
 */
export async function composePackages(
  host: Host,
  { plan, role, locked, shared }: PackagesOfRole,
  options: ComposeOptions,
): Promise<string> {
  const folder = join(options.workFolder, role);
  await mkdir(folder, { recursive: true });
  const input = await lockedInput(host, locked, role, join(folder, 'packages'));
  const tree = join(folder, 'tree');
  const log = join(options.logFolder, `compose-${role}.log`);
  const own = plan.roles.find((one) => one.role === role);
  const debconf = own?.debconf ?? [];
  const users = await fixedUsersOf(own?.layers ?? []);
  await withExplainedFailure({ what: role, log, tree, users }, options, (watched) =>
    mmdebstrap(host, {
      suite: plan.base.suite,
      variant: 'custom',
      packages: input.packages,
      tree,
      sources: input.sources,
      epoch: plan.epoch,
      setupHooks: [
        `cp --archive --reflink=auto ${quoted(shared)}/. "$1"`,
        // update-alternatives links manual pages of Java there, which fails without the folders.
        inTreeHook('mkdir -p /usr/share/man/man1 /usr/share/man/man8'),
      ],
      customizeHooks: buildTraces,
      debconf: debconfSelections(debconf),
      users,
      log,
      ...programOptions(watched),
    }),
  );
  await requireLockedPackages(host, tree, locked.lock, ['shared', role]);
  await reportUnknownQuestions(tree, debconf, options.onLine);
  await checkTree(host, tree, options);
  await requireFixedUsers(tree, users, `after the packages of the ${role} were unpacked`);
  return tree;
}
