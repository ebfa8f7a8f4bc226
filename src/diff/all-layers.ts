import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeToolsOf } from '../inputs/node-tools.ts';

/** The names of the layers of images/: folders at any depth that contain an image.yaml or a rootfs. */
async function layerNames(imagesFolder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const look = async (name: string): Promise<void> => {
    const entries = await readdir(join(imagesFolder, name), { withFileTypes: true });
    if (name !== '' && entries.some((entry) => entry.name === 'rootfs' || entry.name === 'image.yaml')) {
      found.push(name);
      return;
    }
    for (const entry of entries) if (entry.isDirectory()) await look(join(name, entry.name));
  };
  await look('');
  return found;
}

/**
 * Lists all folders of a project from which the files of nodes are made, for every role and layout: each rootfs of
 * images/, and node-tools/.
 * @param project absolute folder
 * @returns absolute paths, sorted; layerPlace returns where the files of each are on a node
 */
export async function allLayers(project: string): Promise<readonly string[]> {
  const images = join(project, 'images');
  const names = await layerNames(images);
  const tools = await Promise.all(names.map((name) => nodeToolsOf(join(project, 'node-tools'), name)));
  const rootfs = await Promise.all(
    names.map(async (name) =>
      (await readdir(join(images, name))).includes('rootfs') ? [join(images, name, 'rootfs')] : [],
    ),
  );
  return [...rootfs.flat(), ...tools.flat()].sort();
}
