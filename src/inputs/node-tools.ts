import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { placedFolders } from './plan/layer-place.ts';

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Returns the folders of node-tools/ that belong to a layer of images/: its programs, and for the layer of every node
 * also the Python package and the scripts of the initrd.
 * @param toolsFolder absolute path of node-tools/
 * @param layer path below images/, such as "schedulers/marathon/master"
 * @returns absolute paths of those that exist
 */
export async function nodeToolsOf(toolsFolder: string, layer: string): Promise<readonly string[]> {
  const ofEveryNode = layer === 'common' ? placedFolders.map((name) => join(dirname(toolsFolder), name)) : [];
  const folders = [...ofEveryNode, join(toolsFolder, 'programs', layer)];
  const exists = await Promise.all(folders.map(isFolder));
  return folders.filter((_, index) => exists[index]);
}
