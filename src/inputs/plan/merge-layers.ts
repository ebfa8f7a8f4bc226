import { IngotError } from '../../host/ingot-error.ts';
import type { ImageFolder, Layer } from './layer.ts';
import type { Check, Step } from './plan.ts';

/** Returns an error about layers: of the site's layer if one is involved, else of the spec, else of images/. */
function wrong(
  layers: readonly (ImageFolder & Pick<Layer, 'ofSpec'>)[],
  message: string,
  hint: string,
): IngotError {
  const ofSite = layers.some(({ site }) => site !== undefined);
  const ofSpec = layers.some((layer) => layer.ofSpec !== undefined);
  const code = ofSite ? 'wrong-layer' : ofSpec ? 'wrong-spec' : 'wrong-images';
  return new IngotError({ code, message, hint });
}

interface Owned {
  readonly name: string;
  readonly layer: Layer;
  /** Returns where the layer has it. */
  readonly place: () => string;
}

function failOnRepeat(kind: string, owned: readonly Owned[]): void {
  const owners = new Map<string, Owned>();
  for (const one of owned) {
    const first = owners.get(one.name);
    if (first !== undefined)
      throw wrong(
        [first.layer, one.layer],
        `the ${kind} ${one.name} is in ${first.place()} and in ${one.place()}`,
        `Give one of them another name.`,
      );
    owners.set(one.name, one);
  }
}

/** The folder of a layer as people know it. */
function folderOf({ name, folder, site }: Layer): string {
  return site === undefined ? folder : name;
}

/**
 * Returns the steps of all layers in the order of their numbers.
 * @throws IngotError wrong-images, wrong-spec or wrong-layer on a wrong or duplicate name
 */
export function mergeSteps(layers: readonly Layer[]): readonly Step[] {
  const owned = layers.flatMap((layer) =>
    layer.steps.map((name) => ({ name, layer, place: () => folderOf(layer) })),
  );
  for (const { name, layer } of owned)
    if (!/^[0-9]{2}-[a-z0-9][a-z0-9-]*$/.test(name))
      throw wrong(
        [layer],
        `${folderOf(layer)}/steps/${name} is not a valid step name`,
        'Two digits, a hyphen, a name: 10-locale.',
      );
  failOnRepeat('step', owned);
  return owned
    .map(({ name, layer }) => ({ name, folder: `${layer.folder}/steps/${name}` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Returns the checks of all layers in their order.
 * @throws IngotError wrong-images, wrong-spec or wrong-layer if two have the same name
 */
export function mergeChecks(layers: readonly Layer[]): readonly Check[] {
  const owned = layers.flatMap((layer) =>
    layer.definition.checks.map((check, index) => ({
      ...{ name: check.name, check, layer },
      place: () => layer.place(['checks', index, 'name']),
    })),
  );
  failOnRepeat('check', owned);
  return owned.map(({ check }) => check);
}

/**
 * Returns the enabled and the masked units, each once.
 * @throws IngotError wrong-images, wrong-spec or wrong-layer if a unit is both
 */
export function mergeUnits(layers: readonly Layer[]): {
  readonly on: readonly string[];
  readonly masked: readonly string[];
} {
  const on = [...new Set(layers.flatMap(({ definition }) => definition.unitsOn))];
  const masked = [...new Set(layers.flatMap(({ definition }) => definition.unitsMasked))];
  const both = on.find((unit) => masked.includes(unit));
  if (both !== undefined) {
    const having = (key: 'unitsOn' | 'unitsMasked') => {
      const layer = layers.find(({ definition }) => definition[key].includes(both));
      return { layer, place: layer?.place([key, layer.definition[key].indexOf(both)]) ?? '' };
    };
    const [enabling, masking] = [having('unitsOn'), having('unitsMasked')];
    throw wrong(
      [enabling.layer, masking.layer].filter((layer) => layer !== undefined),
      `the unit ${both} is on in ${enabling.place} and masked in ${masking.place}`,
      'Name it in one of the two.',
    );
  }
  return { on, masked };
}

/** The default in MiB if no layer says how much RAM a node needs in addition to its root. */
const defaultMemoryMiB = 1024;

/**
 * Returns the RAM in MiB that a node needs in addition to its root when it runs from memory. The last layer that has a
 * value counts.
 */
export function mergeMemory(layers: readonly Layer[]): number {
  return (
    layers.findLast(({ definition }) => definition.memoryMiB !== undefined)?.definition.memoryMiB ??
    defaultMemoryMiB
  );
}

/**
 * Returns the templates of the layers of a site: path below templates/ → text.
 * @throws IngotError wrong-layer if two layers have the same template, and the later one may not replace files
 */
export function mergeTemplates(layers: readonly ImageFolder[]): Readonly<Record<string, string>> {
  const owners = new Map<string, ImageFolder>();
  const merged: Record<string, string> = {};
  for (const layer of layers)
    for (const [path, text] of Object.entries(layer.templates ?? {})) {
      const first = owners.get(path);
      if (first !== undefined && layer.site?.replace !== true)
        throw wrong(
          [first, layer],
          `the template ${path} is in ${first.name}/templates and in ${layer.name}/templates`,
          'Remove one of them, or write replace: true in the layer that is meant to win.',
        );
      owners.set(path, layer);
      merged[path] = text;
    }
  return merged;
}
