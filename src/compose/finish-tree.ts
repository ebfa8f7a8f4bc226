import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import type { Host } from '../host/host.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import type { ComposeOptions } from './compose-shared.ts';
import { inTree } from './in-tree.ts';
import { checkPlacedFiles } from './placed-collisions.ts';
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

/** What is done to the tree once its packages are there; $2 is the overlay, $3 the date. */
const finishing = [
  // Folders that packages made keep their modes; the overlay's files belong to root.
  'tar --create --numeric-owner --owner=0 --group=0 --mtime="@$3" -C "$2" . | tar --extract --preserve-permissions --no-overwrite-dir --keep-directory-symlink -C "$tree"',
  // images/…/compose.d: what needs no booted system runs here, where nothing is emulated.
  'for script in "$tree"/usr/lib/ingot/compose.d/*; do',
  '  [ -x "$script" ] || continue',
  '  echo "compose.d: ${script##*/}"',
  '  chroot "$tree" "/usr/lib/ingot/compose.d/${script##*/}"',
  'done',
  'rm -rf "$tree/usr/lib/ingot/compose.d"',
  'chroot "$tree" update-initramfs -c -k all',
];

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
 * Puts a role's files into the tree of its packages, runs compose.d and makes the initrd.
 * @param tree absolute; it is changed in place
 * @param files what is put on top of the role's layers, once it is known which packages are stand-ins
 */
export async function finishTree(
  host: Host,
  plan: Plan,
  role: RolePlan,
  tree: string,
  files: (standIns: readonly string[]) => RolePlan['files'],
  options: ComposeOptions,
): Promise<ComposedRole> {
  await checkPlacedFiles(tree, role.files);
  const standIns = await standInsOf(host, tree);
  const overlay = join(options.workFolder, role.role, 'overlay');
  await stageOverlay(role.layers, files(standIns), overlay);
  const log = join(options.logFolder, `compose-${role.role}-files.log`);
  await inTree(host, tree, finishing, [overlay, String(plan.epoch)], plan.epoch, log, options);
  await rm(overlay, { recursive: true });
  return { tree, kernel: await only(tree, 'vmlinuz-'), initrd: await only(tree, 'initrd.img-'), standIns };
}
