import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import {
  type PackerPlugin,
  type PackerRelease,
  packerRelease,
  versionOfPacker,
} from '../../render/packer-release.ts';

/** The Packer of this host. */
export interface InstalledPacker {
  /** "1.6.6". */
  readonly version: string;
  readonly release: PackerRelease;
}

/**
 * Asks the Packer of this host for its version; takes about 0.1 s.
 * @throws IngotError host-not-ready if it is too old, or if what answers is not Packer (Fedora's cracklib has a program of
 *   this name); missing-program
 */
export async function installedPacker(host: Host): Promise<InstalledPacker> {
  const { stdout } = await host.run('packer', ['version'], { env: { CHECKPOINT_DISABLE: '1' } });
  const version = versionOfPacker(stdout);
  if (version === undefined)
    throw new IngotError({
      code: 'host-not-ready',
      message: 'the program packer of this host does not say which version of Packer it is',
      excerpt: stdout.split('\n').slice(0, 3),
      hint: 'another program may have this name; ingot takes the first in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin',
    });
  return { version, release: packerRelease(version) };
}

/**
 * The folder in which Packer looks for plugins (packer-plugin-sdk, ConfigDir; documentation, "Configure Packer");
 * undefined if neither a setting nor a home says which. A bake gives Packer a home of its own, so it has to name the folder.
 * @returns of PACKER_PLUGIN_PATH perhaps several, separated by colons
 */
export function pluginFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { PACKER_PLUGIN_PATH: path = '', PACKER_CONFIG_DIR: config = '' } = env;
  const { XDG_CONFIG_HOME: xdg = '', HOME: home = '' } = env;
  if (path !== '') return path;
  if (config !== '') return join(config, '.packer.d', 'plugins');
  const old = join(home, '.packer.d');
  if (home !== '' && existsSync(old)) return join(old, 'plugins');
  if (xdg !== '') return join(xdg, 'packer', 'plugins');
  return home === '' ? undefined : join(home, '.config', 'packer', 'plugins');
}

/** Whether one of the folders has a plugin, with the file of its digest next to it as Packer 1.11 and later require. */
async function hasPlugin(folders: string, { source, version }: PackerPlugin): Promise<boolean> {
  const name = `packer-plugin-${source.split('/').at(-1) ?? ''}_v${version}_x`;
  for (const folder of folders.split(':')) {
    const files = await readdir(join(folder, source)).catch((): string[] => []);
    if (files.some((file) => file.startsWith(name) && files.includes(`${file}_SHA256SUM`))) return true;
  }
  return false;
}

/**
 * Checks that the plugin that a template declares is installed. Packer would say so only when the guests are to boot,
 * minutes later.
 * @param folder of the plugins
 * @throws IngotError host-not-ready with the commands that install it, with and without internet
 */
export async function requirePlugin(
  { version, release }: InstalledPacker,
  folder: string | undefined,
): Promise<void> {
  const { qemu, fromFile = '' } = release;
  if (qemu === undefined || (folder !== undefined && (await hasPlugin(folder, qemu)))) return;
  throw new IngotError({
    code: 'host-not-ready',
    message: `Packer ${version} needs its plugin ${qemu.source} ${qemu.version}, which is not in ${folder ?? 'any plugin folder'}`,
    hint: `packer plugins install ${qemu.source} ${qemu.version}; without internet: ${fromFile}`,
  });
}

/** A Packer that can build. */
export interface ReadyPacker {
  /** "1.6.6". */
  readonly version: string;
  readonly release: PackerRelease;
  /** Added to its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Returns the Packer of this host, once it is known that it can build.
 * @param env of the user, which says where the plugins are
 * @throws IngotError host-not-ready or missing-program
 */
export async function readyPacker(
  host: Host,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ReadyPacker> {
  const installed = await installedPacker(host);
  const folder = pluginFolder(env);
  await requirePlugin(installed, folder);
  const named =
    installed.release.qemu === undefined || folder === undefined ? {} : { PACKER_PLUGIN_PATH: folder };
  return { ...installed, env: named };
}
