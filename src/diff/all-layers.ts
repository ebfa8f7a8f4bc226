import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeToolsOf } from '../inputs/node-tools.ts';

/** The names of the layers of images/: folders with an image.yaml or a rootfs, at any depth above their content. */
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
 * All folders of a project of which the files of nodes are made, whatever role or layout they belong to: each rootfs of images/, and node-tools/.
 * @param project absolute folder
 * @returns absolute paths, sorted; where the files of each are on a node, layerPlace says
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
