import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { allowedLines, type AllowedProgram, allowedPrograms } from '../../inputs/plan/allowed-programs.ts';
import type { Plan, RolePlan } from '../../inputs/plan/plan.ts';
import { siteLayerOf, siteName } from '../../inputs/plan/site-layer-of.ts';
import { layerFiles } from '../../inputs/site-layers/layer-files.ts';
import { requireFixedUsers } from './compare-users.ts';
import type { ComposeOptions } from './compose-options.ts';
import { withExplainedFailure } from './explain-failure.ts';
import { fixedUsersOf } from './fixed-users.ts';
import { checkPlacedFiles } from './placed-collisions.ts';
import { changesFile } from './record-changes.ts';
import { runInTree } from './run-in-tree.ts';
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

/**
 * Runs in the tree after its packages are installed. Its standard input is a tar of the overlay; its arguments list the
 * content: "d/etc" is a folder, "f/etc/motd" is anything else.
 */
const finishing = [
  'echo "files: the files of images/ and of the spec"',
  // tar would silently replace a package's file with a folder.
  'for entry; do',
  '  path=${entry#?}',
  '  case $entry in',
  '    d*) if [ -d "$path" ] || { [ ! -e "$path" ] && [ ! -L "$path" ]; }; then continue; fi',
  '        echo "ingot: $path is not a folder in the tree: no file can be put below it" >&2 ;;',
  '    *) if [ -L "$path" ] || [ ! -d "$path" ]; then continue; fi',
  '       echo "ingot: $path is a folder in the tree: no file can take its place" >&2 ;;',
  '  esac',
  '  exit 1',
  'done',
  // Folders of packages keep their modes, and links to folders stay; the target of a link is resolved inside the tree.
  'tar --extract --preserve-permissions --no-overwrite-dir --keep-directory-symlink -C /',
  `if [ -f /${changesFile} ]; then sort -u /${changesFile} >>/usr/lib/ingot/changes; rm /${changesFile}; fi`,
  // images/…/compose.d: scripts that need no booted system run here, without emulation.
  'for script in /usr/lib/ingot/compose.d/*; do',
  '  [ -x "$script" ] || continue',
  '  echo "compose.d: ${script##*/}"',
  '  "$script" </dev/null',
  'done',
  'rm -rf /usr/lib/ingot/compose.d',
  'echo "initrd: update-initramfs"',
  'update-initramfs -c -k all </dev/null',
];

/** Every path of the overlay below its root with its kind, in the form that the script expects. */
async function entriesOf(overlay: string): Promise<string[]> {
  const entries = await readdir(overlay, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => {
      const path = join(entry.parentPath, entry.name).slice(overlay.length);
      return `${entry.isDirectory() ? 'd' : 'f'}${path}`;
    })
    .sort();
}

/** Appends the programs of the spec to those of images/ in the list that is on the node. */
async function allowPrograms(overlay: string, programs: readonly AllowedProgram[]): Promise<void> {
  if (programs.length > 0) await appendFile(join(overlay, allowedPrograms), allowedLines(programs));
}

/** Packs the overlay for the tree: its files belong to root and have the date of the image. */
async function packOverlay(host: Host, overlay: string, archive: string, epoch: number): Promise<void> {
  await host.run('tar', [
    ...['--create', `--file=${archive}`, '--numeric-owner', '--owner=0', '--group=0', `--mtime=@${epoch}`],
    ...['-C', overlay, '.'],
  ]);
}

/** Returns the files of the layers of the site for a role, with their names. */
async function filesOfLayers(plan: Plan, role: RolePlan): Promise<{ path: string; said: string }[]> {
  const files: { path: string; said: string }[] = [];
  for (const folder of role.layers) {
    const layer = siteLayerOf(plan, folder);
    if (layer === undefined) continue;
    const name = siteName(layer, folder);
    for (const path of (await layerFiles(folder, name)).files) files.push({ path, said: `${name}${path}` });
  }
  return files;
}

async function only(tree: string, prefix: string): Promise<string> {
  const found = (await readdir(join(tree, 'boot'))).filter((name) => name.startsWith(prefix)).sort();
  const [name] = found;
  if (name === undefined || found.length > 1) {
    throw new IngotError({
      code: 'wrong-root',
      message: `the tree must hold one ${prefix}* in /boot, it holds ${found.length === 0 ? 'none' : found.join(', ')}`,
      hint: 'exactly one kernel package may be among the packages: check base.kernel and the extra packages of the spec',
    });
  }
  return join(tree, 'boot', name);
}

/** What turns the tree of a role's packages into that of its image. */
export interface Finishing {
  readonly plan: Plan;
  readonly role: RolePlan;
  /** Absolute; it is changed in place. */
  readonly tree: string;
  /** Returns the files to place on top of the role's layers, given the packages that are stand-ins. */
  readonly files: (standIns: readonly string[]) => RolePlan['files'];
}

/** Puts a role's files into the tree of its packages, runs compose.d and creates the initrd. */
export async function finishTree(
  host: Host,
  { plan, role, tree, files }: Finishing,
  options: ComposeOptions,
): Promise<ComposedRole> {
  await checkPlacedFiles(tree, [...(await filesOfLayers(plan, role)), ...role.files]);
  const standIns = await standInsOf(host, tree);
  const overlay = join(options.workFolder, role.role, 'overlay');
  await stageOverlay(role.layers, files(standIns), overlay);
  await allowPrograms(overlay, role.setuid ?? []);
  const archive = join(options.workFolder, role.role, 'overlay.tar');
  await packOverlay(host, overlay, archive, plan.epoch);
  const args = await entriesOf(overlay);
  await rm(overlay, { recursive: true });
  const log = join(options.logFolder, `compose-${role.role}-files.log`);
  await withExplainedFailure({ what: role.role, log }, options, (watched) =>
    runInTree(host, tree, { script: finishing, args, input: archive, epoch: plan.epoch, log }, watched),
  );
  await rm(archive);
  await requireFixedUsers(tree, await fixedUsersOf(role.layers), `in the finished tree of the ${role.role}`);
  return { tree, kernel: await only(tree, 'vmlinuz-'), initrd: await only(tree, 'initrd.img-'), standIns };
}
