import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SpecLayer } from '../cluster-spec/layers-schema.ts';
import type { Spec } from '../cluster-spec/schema.ts';
import { findLayers, type FoundLayers } from '../fetched-layers/locked-layers.ts';
import { loadImage } from '../load-images.ts';
import type { LoadedSpec } from '../load-spec.ts';
import { readLock } from '../lock-file-of.ts';
import type { ImageFolder } from '../plan/layer.ts';
import { mergeTemplates } from '../plan/merge-layers.ts';
import { defaultPool } from '../pool/pool.ts';
import { locatedError, type LocatedProblem } from '../yaml/located-error.ts';
import { layerFiles } from './layer-files.ts';
import { type LayerFault, type LayerPart, layerParts } from './layer-parts.ts';
import { layerTemplates } from './layer-templates.ts';

const hint = 'docs/layers.md explains what a layer may have.';

/** The name of our folders in keys and reports; a layer must not be mistaken for one of them. */
const ours = /^(?:images|node-tools|templates)(?:\/|$)/;

function nameOf(path: string): string {
  return ours.test(path) ? `./${path}` : path;
}

interface Located {
  readonly layer: SpecLayer;
  readonly at: number;
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

async function loadPart(
  { layer, at, name, folder }: Located,
  part: LayerPart,
): Promise<{ readonly image: ImageFolder; readonly faults: readonly LayerFault[] }> {
  const own =
    part.below === ''
      ? { name, folder }
      : { name: `${name}/${part.below}`, folder: join(folder, part.below) };
  const image = await loadImage(own.folder, own.name, 'wrong-layer');
  const listed = image.hasRootfs
    ? await layerFiles(join(own.folder, 'rootfs'), `${own.name}/rootfs`)
    : { files: [], faults: [] };
  const rendered =
    part.below === '' ? await layerTemplates(own.folder, own.name) : { templates: {}, faults: [] };
  return {
    image: {
      ...image,
      ...{ files: listed.files, templates: rendered.templates },
      site: { role: part.role, replace: layer.replace, at },
    },
    faults: [...listed.faults, ...rendered.faults],
  };
}

async function whyNoFolder({ name, folder }: Located): Promise<LayerFault | undefined> {
  const found = await stat(folder).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error)
    return {
      message: `${name} ${found.code === 'EACCES' ? 'may not be read' : 'does not exist'}`,
      right: `a folder; a relative path begins at the folder of the spec, so this is ${folder}`,
    };
  return found.isDirectory() ? undefined : { message: `${name} is not a folder`, right: 'a folder' };
}

/**
 * Reads the layers of a spec as folders of the form of images/, in their order.
 * @param fetched position in the spec → absolute folder of a layer that was fetched
 * @throws IngotError wrong-layer with everything that is wrong with them, at the places of the layers in the spec
 */
export async function loadSiteLayers(
  loaded: LoadedSpec,
  spec: Spec,
  fetched: FoundLayers['folders'],
): Promise<readonly ImageFolder[]> {
  const images: ImageFolder[] = [];
  const problems: LocatedProblem[] = [];
  for (const [at, layer] of spec.layers.entries()) {
    const folder = fetched.get(at) ?? resolve(loaded.folder, layer.path);
    const one: Located = { layer, at, name: nameOf(layer.path), folder };
    const add = (faults: readonly LayerFault[]): void => {
      problems.push(...faults.map((fault) => ({ path: ['layers', at], ...fault })));
    };
    const missing = await whyNoFolder(one);
    if (missing !== undefined) {
      add([missing]);
      continue;
    }
    const { parts, faults } = await layerParts(one.folder, one.name, layer.role);
    add(faults);
    for (const part of parts) {
      const { image, faults: inPart } = await loadPart(one, part);
      images.push(image);
      add(inPart);
    }
  }
  if (problems.length > 0) throw locatedError(loaded, problems, hint, 'wrong-layer');
  return images;
}

/**
 * Returns the templates of the layers of a spec: path below templates/ → the text that replaces ours.
 * @throws IngotError wrong-layer with everything that is wrong with the layers
 * @throws IngotError wrong-lock or wrong-pool for a layer that was not fetched
 */
export async function loadSiteTemplates(
  loaded: LoadedSpec,
  spec: Spec,
): Promise<Readonly<Record<string, string>>> {
  const lock = spec.layers.some(({ fetched }) => fetched !== undefined)
    ? await readLock(loaded.fileName)
    : undefined;
  const { folders } = await findLayers(loaded, spec, { lock, pool: () => defaultPool(process.env) });
  return mergeTemplates(await loadSiteLayers(loaded, spec, folders));
}
