import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import { nodeToolsOf } from './node-tools.ts';

/** A folder of images/ on the disk. */
export interface LoadedImage {
  /** Its path below images/: "common", "layouts/mesosphere/slave". */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The text of image.yaml, if there is one. */
  readonly imageYaml?: string;
  readonly hasRootfs: boolean;
  /** Names of the folders in steps/, each with do.sh and assert.sh. */
  readonly steps: readonly string[];
  /** Absolute folders of node-tools/ with its programs; absent if it has no programs. */
  readonly tools?: readonly string[];
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function textIfExists(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

async function stepNames(folder: string, code: 'wrong-images' | 'wrong-layer'): Promise<readonly string[]> {
  if (!(await isFolder(folder))) return [];
  const names = (await readdir(folder)).sort();
  for (const name of names) {
    const files = await readdir(join(folder, name)).catch((): string[] => []);
    const missing = ['do.sh', 'assert.sh'].filter((file) => !files.includes(file));
    if (missing.length > 0)
      throw new IngotError({
        code,
        message: `the step ${join(folder, name)} has no ${missing.join(' and no ')}`,
        hint: 'A step is a folder with do.sh, which does one thing, and assert.sh, which fails if it is not done.',
      });
  }
  return names;
}

/**
 * Reads one folder of the form of images/.
 * @param folder absolute
 * @throws IngotError wrong-images or wrong-layer, as asked, if a step has no do.sh or no assert.sh
 */
export async function loadImage(
  folder: string,
  name: string,
  code: 'wrong-images' | 'wrong-layer',
): Promise<LoadedImage> {
  const imageYaml = await textIfExists(join(folder, 'image.yaml'));
  return {
    name,
    folder,
    ...(imageYaml === undefined ? {} : { imageYaml }),
    hasRootfs: await isFolder(join(folder, 'rootfs')),
    steps: await stepNames(join(folder, 'steps'), code),
  };
}

/**
 * Reads the named folders of images/ (paths below it, as imageLayers returns them) with the programs of each. Missing
 * folders are skipped.
 * @param toolsFolder absolute path of node-tools/
 * @throws IngotError wrong-images if a step has no do.sh or no assert.sh
 */
export async function loadImages(
  imagesFolder: string,
  names: readonly string[],
  toolsFolder?: string,
): Promise<readonly LoadedImage[]> {
  const images: LoadedImage[] = [];
  for (const name of new Set(names)) {
    const folder = resolve(imagesFolder, name);
    if (!(await isFolder(folder))) continue;
    const tools = toolsFolder === undefined ? [] : await nodeToolsOf(toolsFolder, name);
    images.push({
      ...(await loadImage(folder, name, 'wrong-images')),
      ...(tools.length === 0 ? {} : { tools }),
    });
  }
  return images;
}
