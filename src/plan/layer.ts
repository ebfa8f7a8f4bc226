import { IngotError } from '../errors/ingot-error.ts';
import { parseImageDefinition, type ImageDefinition } from './image-definition.ts';
import { imageLayers } from './image-layers.ts';
import type { Plan, Role } from './plan.ts';

/** A folder of images/ as it was read from the disk: texts and names, nothing judged yet. */
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
}

/** An image folder whose image.yaml has been read. */
export interface Layer extends ImageFolder {
  readonly definition: ImageDefinition;
}

/** Reads every folder's image.yaml; throws an IngotError ('wrong-input') on the first file with errors. */
export function readLayers(images: readonly ImageFolder[]): readonly Layer[] {
  return images.map((image) => ({
    ...image,
    definition: parseImageDefinition(image.imageYaml ?? '', `${image.folder}/image.yaml`),
  }));
}

/** The layers of a role in their order. Throws an IngotError ('wrong-input') if common or the role itself is not in images/. */
export function layersOf(role: Role, layout: Plan['layout'], layers: readonly Layer[]): readonly Layer[] {
  return imageLayers(role, layout).flatMap((name) => {
    const layer = layers.find((candidate) => candidate.name === name);
    if (layer === undefined && (name === 'common' || name === role))
      throw new IngotError({
        code: 'wrong-input',
        message: `images/${name} is missing: it says what a ${role} is`,
        hint: 'Run ingot in its own folder, or restore images/ from the repository.',
      });
    return layer ?? [];
  });
}
