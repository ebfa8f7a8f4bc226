import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Plan, Role } from '../plan/plan.ts';
import { watching, type ComposeOptions } from './compose-shared.ts';
import { requireLockedPackages } from './installed-packages.ts';
import { lockedInput, type LockAndPool } from './locked-input.ts';
import { mmdebstrap } from './mmdebstrap.ts';

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

/** What is of the build alone and no part of a node: its mirrors, our options for dpkg and apt, manual pages of alternatives. */
const ofTheBuild = [
  'rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap',
  'rm -rf "$1"/usr/share/man/*',
];

/**
 * Unpacks a role's locked packages, from the pool alone, on top of the shared tree.
 * @param shared absolute path of the shared tree; it is copied, not changed
 * @returns the absolute path of the role's tree
 */
export async function composePackages(
  host: Host,
  plan: Plan,
  role: Role,
  locked: LockAndPool,
  shared: string,
  options: ComposeOptions,
): Promise<string> {
  const folder = join(options.workFolder, role);
  await mkdir(folder, { recursive: true });
  const input = await lockedInput(host, locked, role, join(folder, 'packages'));
  const tree = join(folder, 'tree');
  await mmdebstrap(host, {
    suite: plan.base.suite,
    variant: 'custom',
    packages: input.packages,
    tree,
    sources: input.sources,
    epoch: plan.epoch,
    setupHooks: [
      `cp --archive --reflink=auto ${quoted(shared)}/. "$1"`,
      // update-alternatives links manual pages of Java there, which fails without the folders.
      'mkdir -p "$1"/usr/share/man/man1 "$1"/usr/share/man/man8',
    ],
    customizeHooks: ofTheBuild,
    log: join(options.logFolder, `compose-${role}.log`),
    ...watching(options),
  }).finally(input.close);
  await requireLockedPackages(host, tree, locked.lock, ['shared', role]);
  return tree;
}
