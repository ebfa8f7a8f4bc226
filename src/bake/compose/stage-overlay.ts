import { chmod, copyFile, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { layerPlace } from '../../inputs/plan/layer-place.ts';
import type { BinaryFile, PlacedFile } from '../../inputs/plan/plan.ts';

// Bytecode that Python writes next to modules when they run on the build host does not belong on a node: compose.d
// compiles it in the tree.
const pythonCache = '__pycache__';

/**
 * Creates a folder with the usual mode; folders that exist in the tree keep theirs. A file or link of an earlier layer
 * is removed: through a link, the files below would be written to the build host.
 */
async function makeFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) await rm(path);
  if (found?.isDirectory() !== true) await mkdir(path);
  await chmod(path, 0o755);
}

/**
 * Copies a layer's folder. Of a file's mode only the execute bit is kept, so that umask and checkout do not affect an
 * image.
 */
async function copyLayer(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const name of await readdir(from)) {
    if (name === pythonCache) continue;
    const source = join(from, name);
    const target = join(to, name);
    const stat = await lstat(source);
    if (stat.isDirectory()) {
      await copyLayer(source, target);
      continue;
    }
    await rm(target, { recursive: true, force: true });
    if (stat.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      await copyFile(source, target);
      await chmod(target, (stat.mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}

/** Creates each folder down to the path below root. */
async function makeFolders(root: string, path: string): Promise<void> {
  if (path === '/' || path === '.') return;
  await makeFolders(root, dirname(path));
  await makeFolder(join(root, path));
}

/** Copies a file of the spec, and refuses it if it has changed since the plan was made: the keys have its digest. */
async function copyBinary(path: string, { from, sha256 }: BinaryFile, target: string): Promise<void> {
  await copyFile(from, target);
  if ((await sha256File(target)) === sha256) return;
  throw new IngotError({
    code: 'wrong-spec',
    message: `${from}, which becomes ${path}, has changed since the bake began`,
    hint: 'Bake again when the file is complete.',
  });
}

/**
 * Puts the layers and the placed files of a role into one folder, in order; later ones override earlier ones.
 * @param layers absolute folders; layerPlace gives the path of each on the node
 * @param folder absolute, created here; its content has the paths that it will have on the node
 */
export async function stageOverlay(
  layers: readonly string[],
  files: readonly PlacedFile[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const layer of layers) {
    const place = layerPlace(layer);
    await makeFolders(folder, dirname(place === '' ? '/' : place));
    await copyLayer(layer, join(folder, place));
  }
  for (const file of files) {
    await makeFolders(folder, dirname(file.path));
    const target = join(folder, file.path);
    await rm(target, { recursive: true, force: true });
    if (file.binary === undefined) await writeFile(target, file.content);
    else await copyBinary(file.path, file.binary, target);
    await chmod(target, Number.parseInt(file.mode, 8));
  }
}
