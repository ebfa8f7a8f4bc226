import { normalSysctl } from '../cluster-spec/sysctl-rules.ts';
import { isShared } from './image-layers.ts';
import type { Layer } from './layer.ts';
import type { Contribution } from './plan.ts';

/** Returns the settings of a layer, each with the value of an earlier layer that it replaces. */
function sysctlWords({ definition }: Layer, before: readonly Layer[]): string[] {
  return Object.entries(definition.sysctls).map(([key, value]) => {
    const earlier = before.findLast((layer) => layer.definition.sysctls[key] !== undefined);
    const old = normalSysctl(earlier?.definition.sysctls[key] ?? value);
    const now = normalSysctl(value);
    return old === now || earlier === undefined
      ? `${key}=${now}`
      : `${key}=${now} (${old} in ${earlier.place(['sysctls', key])})`;
  });
}

/** Returns what a layer adds, by the labels of `ingot check`; nothing for what it does not have. */
function addsOf(layer: Layer, before: readonly Layer[]): Contribution['adds'] {
  const { definition } = layer;
  const all: Contribution['adds'] = {
    packages: definition.packages,
    files: layer.files ?? [],
    templates: Object.keys(layer.templates ?? {}),
    modules: definition.modules,
    sysctls: sysctlWords(layer, before),
    'kernel arguments': definition.kernelArguments,
    steps: layer.steps,
    'units on': definition.unitsOn,
    'units masked': definition.unitsMasked,
    'set-user-id': definition.setuid.map(({ path, why }) => `${path}: ${why}`),
    checks: definition.checks.map(({ name }) => name),
  };
  return Object.fromEntries(Object.entries(all).filter(([, words]) => words.length > 0));
}

/**
 * Returns what the layers of the site and the sections of the spec add, so that people see where each thing comes
 * from.
 * @param ours the layers of images/, to name the values that are replaced
 * @param added the layers of the site, in their order, then the sections of the spec
 */
export function contributionsOf(ours: readonly Layer[], added: readonly Layer[]): Contribution[] {
  return added.flatMap((layer, index) => {
    const role = layer.site?.role ?? layer.ofSpec?.role ?? null;
    const before = ours.filter(({ name }) => isShared(name) || name.split('/').at(-1) === role);
    const adds = addsOf(layer, [...before, ...added.slice(0, index)]);
    return Object.keys(adds).length === 0 && layer.site === undefined
      ? []
      : [{ from: layer.name, role, adds }];
  });
}
