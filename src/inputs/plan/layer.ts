import { IngotError } from '../../host/ingot-error.ts';
import { type ImageDefinition, parseImageDefinition } from './image-definition.ts';
import { imageLayers, type LayerSettings } from './image-layers.ts';
import type { Role } from './plan.ts';

/** A folder of images/ as it was read from the disk: texts and names, not validated yet. */
export interface ImageFolder {
  /** Its path below images/: "common", "layouts/mesosphere/slave". */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The text of image.yaml, if there is one. */
  readonly imageYaml?: string;
  readonly hasRootfs: boolean;
  /** Names of the folders in steps/. */
  readonly steps: readonly string[];
  /** Absolute folders of node-tools/ that belong to it. */
  readonly tools?: readonly string[];
}

/** An image folder whose image.yaml has been parsed. */
export interface Layer extends ImageFolder {
  readonly definition: ImageDefinition;
}

/**
 * Parses the image.yaml of every folder.
 * @throws IngotError wrong-images on the first file with errors
 */
export function readLayers(images: readonly ImageFolder[]): readonly Layer[] {
  return images.map((image) => ({
    ...image,
    definition: parseImageDefinition(image.imageYaml ?? '', `${image.folder}/image.yaml`),
  }));
}

/**
 * Returns the layers of a role in their order.
 * @throws IngotError wrong-images if a layer that the role requires is not in images/
 */
export function layersOf(role: Role, choices: LayerSettings, layers: readonly Layer[]): readonly Layer[] {
  const required = ['common', role, `schedulers/${choices.scheduler}/master`];
  return imageLayers(role, choices).flatMap((name) => {
    const layer = layers.find((candidate) => candidate.name === name);
    if (layer === undefined && required.includes(name))
      throw new IngotError({
        code: 'wrong-images',
        message: `images/${name} is missing: it says what a ${role} is`,
        hint: 'Run ingot in its own folder, or restore images/ from the repository.',
      });
    return layer ?? [];
  });
}
