import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The rootfs folders of images/, absolute: those beside an image.yaml or steps, at any depth above their content. */
export async function rootfsLayers(imagesFolder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    if (entries.some((entry) => entry.name === 'rootfs' && entry.isDirectory())) {
      found.push(join(folder, 'rootfs'));
      return;
    }
    for (const entry of entries) if (entry.isDirectory()) await look(join(folder, entry.name));
  };
  await look(imagesFolder);
  return found.sort();
}
