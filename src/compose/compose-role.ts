import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import type { Host } from '../host/host.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import { watching, type ComposeOptions } from './compose-shared.ts';
import { requireLockedPackages } from './installed-packages.ts';
import { lockedInput, type LockAndPool } from './locked-input.ts';
import { mmdebstrap } from './mmdebstrap.ts';
import { stageOverlay } from './stage-overlay.ts';
import { standInsOf } from './stand-ins.ts';

export interface ComposedRole {
  /** Absolute path of the role's tree. */
  readonly tree: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Packages that are stand-ins, as "name version"; empty in an image for production. */
  readonly standIns: readonly string[];
}

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

/** What is done to the tree once its packages are there, while mmdebstrap still has /proc and /sys mounted in it. */
function finishingHooks(overlay: string, epoch: number): string[] {
  return [
    // Folders that packages made keep their modes; the overlay's files belong to root.
    `tar --create --numeric-owner --owner=0 --group=0 --mtime=@${epoch} -C ${quoted(overlay)} . | tar --extract --preserve-permissions --no-overwrite-dir --keep-directory-symlink -C "$1"`,
    // images/…/compose.d: what needs no booted system runs here, where nothing is emulated.
    'for script in "$1"/usr/lib/ingot/compose.d/*; do [ -x "$script" ] || continue; echo "compose.d: ${script##*/}"; chroot "$1" "/usr/lib/ingot/compose.d/${script##*/}"; done',
    'rm -rf "$1/usr/lib/ingot/compose.d"',
    'chroot "$1" update-initramfs -c -k all',
    'rm -rf "$1"/usr/share/man/*',
    // The build host's mirrors and our options for dpkg and apt are no part of a node.
    'rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap',
  ];
}

async function only(tree: string, prefix: string): Promise<string> {
  const found = (await readdir(join(tree, 'boot'))).filter((name) => name.startsWith(prefix)).sort();
  const [name] = found;
  if (name === undefined || found.length > 1) {
    throw new IngotError({
      code: 'command-failed',
      message: `the tree must hold one ${prefix}* in /boot, it holds ${found.length === 0 ? 'none' : found.join(', ')}`,
      hint: 'exactly one kernel package may be among the packages: look at base.kernel and at the extra packages of the spec',
    });
  }
  return join(tree, 'boot', name);
}

/**
 * Unpacks a role's locked packages, from the pool alone, on top of the shared tree, puts its files in place and makes its initrd.
 * @param shared absolute path of the shared tree; it is copied, not changed
 * @param release text of /usr/lib/ingot/release.json for the stand-ins found
 */
export async function composeRole(
  host: Host,
  plan: Plan,
  role: RolePlan,
  locked: LockAndPool,
  shared: string,
  release: (standIns: readonly string[]) => string,
  options: ComposeOptions,
): Promise<ComposedRole> {
  const folder = join(options.workFolder, role.role);
  await mkdir(folder, { recursive: true });
  const overlay = join(folder, 'overlay');
  await stageOverlay(role.layers, role.files, overlay);

  const input = await lockedInput(host, locked, role.role, join(folder, 'packages'));
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
    customizeHooks: finishingHooks(overlay, plan.epoch),
    log: join(options.logFolder, `compose-${role.role}.log`),
    ...watching(options),
  });
  await rm(overlay, { recursive: true });

  await requireLockedPackages(host, tree, locked.lock, ['shared', role.role]);
  const standIns = await standInsOf(host, tree);
  await mkdir(join(tree, 'usr/lib/ingot'), { recursive: true });
  await writeFile(join(tree, 'usr/lib/ingot/release.json'), release(standIns), { mode: 0o644 });
  return { tree, kernel: await only(tree, 'vmlinuz-'), initrd: await only(tree, 'initrd.img-'), standIns };
}
