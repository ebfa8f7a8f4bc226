import { IngotError } from '../../host/ingot-error.ts';
import type { Layer } from './layer.ts';
import type { Check, Step } from './plan.ts';

function wrong(message: string, hint: string): IngotError {
  return new IngotError({ code: 'wrong-images', message, hint });
}

function failOnRepeat(
  kind: string,
  owned: readonly { readonly name: string; readonly layer: Layer }[],
): void {
  const owners = new Map<string, Layer>();
  for (const { name, layer } of owned) {
    const first = owners.get(name);
    if (first !== undefined)
      throw wrong(
        `the ${kind} ${name} is in ${first.folder} and in ${layer.folder}`,
        `Give one of them another name.`,
      );
    owners.set(name, layer);
  }
}

/**
 * Returns the steps of all layers in the order of their numbers.
 * @throws IngotError wrong-images on a wrong or duplicate name
 */
export function mergeSteps(layers: readonly Layer[]): readonly Step[] {
  const owned = layers.flatMap((layer) => layer.steps.map((name) => ({ name, layer })));
  for (const { name, layer } of owned)
    if (!/^[0-9]{2}-[a-z0-9][a-z0-9-]*$/.test(name))
      throw wrong(
        `${layer.folder}/steps/${name} is not a valid step name`,
        'Two digits, a hyphen, a name: 10-locale.',
      );
  failOnRepeat('step', owned);
  return owned
    .map(({ name, layer }) => ({ name, folder: `${layer.folder}/steps/${name}` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Returns the checks of all layers in their order.
 * @throws IngotError wrong-images if two have the same name
 */
export function mergeChecks(layers: readonly Layer[]): readonly Check[] {
  const owned = layers.flatMap((layer) =>
    layer.definition.checks.map((check) => ({ name: check.name, check, layer })),
  );
  failOnRepeat('check', owned);
  return owned.map(({ check }) => check);
}

/**
 * Returns the enabled and the masked units, each once.
 * @throws IngotError wrong-images if a unit is both
 */
export function mergeUnits(layers: readonly Layer[]): {
  readonly on: readonly string[];
  readonly masked: readonly string[];
} {
  const on = [...new Set(layers.flatMap(({ definition }) => definition.unitsOn))];
  const masked = [...new Set(layers.flatMap(({ definition }) => definition.unitsMasked))];
  const both = on.find((unit) => masked.includes(unit));
  if (both !== undefined) {
    const place = (key: 'unitsOn' | 'unitsMasked'): string =>
      layers.find(({ definition }) => definition[key].includes(both))?.folder ?? '';
    throw wrong(
      `the unit ${both} is on in ${place('unitsOn')} and masked in ${place('unitsMasked')}`,
      'Name it in one of the two image.yaml.',
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
