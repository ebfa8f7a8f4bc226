import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { netboot } from '../inputs/targets/netboot.ts';
import type { RenderedFile } from '../render/templates.ts';
import { putFile } from './put-file.ts';
import { putFolder } from './put-folder.ts';

/** The files of a version that machines fetch: name in the tree → path in the version. */
const versionFiles = Object.fromEntries(Object.entries(netboot.links).map(([path, name]) => [name, path]));

export interface TreeContent {
  /** Absolute folders of the versions in the store. */
  readonly versions: readonly { readonly role: Role; readonly version: string; readonly folder: string }[];
  /** The seed's folder name, which is a digest, and its files. */
  readonly seed: { readonly digest: string; readonly files: readonly RenderedFile[] };
  /** Loaders by name: absolute paths. */
  readonly loaders: Readonly<Record<string, string>>;
  /** The scripts that refer to all of these, below the tree. */
  readonly scripts: readonly RenderedFile[];
  /** Configurations of servers, next to the tree. */
  readonly configurations: readonly RenderedFile[];
}

/** The record of the folder's current and previous content, as paths below the tree. It is written last. */
const recordName = 'netboot.json';
interface TreeRecord {
  readonly now: readonly string[];
  readonly before: readonly string[];
}

async function recordOf(folder: string): Promise<TreeRecord> {
  const text = await readFile(join(folder, recordName), 'utf8').catch(() => undefined);
  return text === undefined ? { now: [], before: [] } : (JSON.parse(text) as TreeRecord);
}

async function refuseForeign(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length === 0 || existsSync(join(folder, recordName)) || existsSync(join(folder, 'tree'))) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `${folder} holds files that ingot did not write; nothing was changed`,
    hint: 'name an empty or new folder with --into FOLDER',
  });
}

/**
 * Removes versions and seeds that are neither current nor previous. A machine may still be fetching the previous ones.
 */
async function removeOld(tree: string, kept: readonly string[]): Promise<void> {
  for (const parent of ['images/master', 'images/slave', 'seed']) {
    const names = await readdir(join(tree, parent)).catch(() => []);
    for (const name of names)
      if (!kept.includes(`${parent}/${name}`))
        await rm(join(tree, parent, name), { recursive: true, force: true });
  }
}

/**
 * Creates or updates the folder that servers boot machines from. Files are complete before a script names them, and
 * files that scripts named before stay until the next update. So the folder can be updated while it is served.
 * @param folder absolute
 */
export async function publishTree(folder: string, content: TreeContent): Promise<void> {
  await mkdir(folder, { recursive: true });
  await refuseForeign(folder);
  const tree = join(folder, 'tree');
  await mkdir(tree, { recursive: true });
  const { now: was, before: wasBefore } = await recordOf(folder);

  for (const { role, version, folder: stored } of content.versions)
    await putFolder(
      join(tree, 'images', role, version),
      Object.fromEntries(Object.entries(versionFiles).map(([name, path]) => [name, join(stored, path)])),
    );
  const seed = join('seed', content.seed.digest);
  for (const { path, content: text } of content.seed.files) await putFile(join(tree, seed, path), text);
  for (const [name, source] of Object.entries(content.loaders))
    await putFile(join(tree, 'loader', name), await readFile(source));
  for (const { path, content: text } of content.configurations) await putFile(join(folder, path), text);
  // From here on machines boot the new versions.
  for (const { path, content: text } of content.scripts) await putFile(join(tree, path), text);

  const now = [...content.versions.map(({ role, version }) => `images/${role}/${version}`), seed];
  const before = now.join() === was.join() ? wasBefore : was;
  await putFile(join(folder, recordName), `${JSON.stringify({ now, before }, null, 2)}\n`);
  await removeOld(tree, [...now, ...before]);
}
