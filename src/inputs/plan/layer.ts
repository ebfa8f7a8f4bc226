import { IngotError } from '../../host/ingot-error.ts';
import type { Path } from '../yaml/find-node.ts';
import { placeFinder } from '../yaml/located-error.ts';
import { type ImageDefinition, parseImageDefinition } from './image-definition.ts';
import { imageLayers, isShared, type LayerSettings } from './image-layers.ts';
import type { Role, SiteLayer } from './plan.ts';

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
  /** Set for a layer of the spec; its name is then the one in the spec. */
  readonly site?: Pick<SiteLayer, 'role' | 'replace' | 'at'>;
  /** The paths on a node of the files of a layer of the spec, sorted. */
  readonly files?: readonly string[];
  /** The templates of a layer of the spec: path below templates/ → text. */
  readonly templates?: Readonly<Record<string, string>>;
}

/** An image folder whose image.yaml has been parsed. */
export interface Layer extends ImageFolder {
  readonly definition: ImageDefinition;
  /** Returns the place of a path of its definition, as FILE:LINE:COLUMN. */
  readonly place: (path: Path) => string;
  /** Set for the units and checks that a section of the spec has itself. */
  readonly ofSpec?: { readonly role: Role | null };
}

/** Returns the name under which people know the image.yaml of a layer. */
function fileOf({ name, folder, site }: ImageFolder): string {
  return `${site === undefined ? folder : name}/image.yaml`;
}

function placeIn(text: string, fileName: string): Layer['place'] {
  return (path) => {
    const { line, column } = placeFinder(text).find(path);
    return `${fileName}:${line}:${column}`;
  };
}

/**
 * Parses the image.yaml of every folder.
 * @throws IngotError wrong-images, or wrong-layer for a layer of the spec, on the first file with errors
 */
export function readLayers(images: readonly ImageFolder[]): readonly Layer[] {
  return images.map((image) => {
    const { imageYaml = '', site } = image;
    const fileName = fileOf(image);
    const code = site === undefined ? 'wrong-images' : 'wrong-layer';
    return {
      ...image,
      definition: parseImageDefinition(imageYaml, fileName, code),
      place: placeIn(imageYaml, fileName),
    };
  });
}

/** Reports whether a layer is the same in every role, so that its packages are composed once. */
export function isSharedLayer({ name, site }: ImageFolder): boolean {
  return site === undefined ? isShared(name) : site.role === null;
}

/** Returns the layers of the spec for a role, in their order. */
function siteLayersOf(role: Role, layers: readonly Layer[]): readonly Layer[] {
  return layers.filter(({ site }) => site !== undefined && (site.role === null || site.role === role));
}

/**
 * Returns the layers of a role in their order: those of images/, then those of the spec.
 * @throws IngotError wrong-images if a layer that the role requires is not in images/
 */
export function layersOf(role: Role, choices: LayerSettings, layers: readonly Layer[]): readonly Layer[] {
  const required = ['common', role, `schedulers/${choices.scheduler}/master`];
  const own = imageLayers(role, choices).flatMap((name) => {
    const layer = layers.find((candidate) => candidate.site === undefined && candidate.name === name);
    if (layer === undefined && required.includes(name))
      throw new IngotError({
        code: 'wrong-images',
        message: `images/${name} is missing: it says what a ${role} is`,
        hint: 'Run ingot in its own folder, or restore images/ from the repository.',
      });
    return layer ?? [];
  });
  return [...own, ...siteLayersOf(role, layers)];
}
