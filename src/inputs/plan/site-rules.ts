import { isFolderOfDebian, whyTooLong } from '../cluster-spec/node-path.ts';
import { isDerived } from '../cluster-spec/own-paths.ts';
import type { LocatedProblem } from '../yaml/located-error.ts';
import { above } from './folders-above.ts';
import type { LayerPaths, RolePaths } from './path-fact.ts';
import type { SiteLayer } from './plan.ts';

interface Fault {
  readonly message: string;
  readonly right: string;
}

/** Returns the file of the layers at a path; the last layer counts. */
function fileAt(layers: readonly LayerPaths[], path: string): string | undefined {
  return layers.findLast(({ files }) => files.has(path))?.files.get(path);
}

/** Explains which file of an earlier layer a file replaces or cannot replace. */
function overwrites(path: string, site: SiteLayer, earlier: readonly LayerPaths[]): Fault | undefined {
  const file = fileAt(earlier, path);
  if (file !== undefined && !site.replace)
    return {
      message: `replaces ${file}`,
      right: `another path; or replace: true next to path: ${site.name}, if the layer's file is meant to win`,
    };
  const parent = above(path).find((folder) => fileAt(earlier, folder) !== undefined);
  if (parent !== undefined)
    return {
      message: `is below ${parent}, which is the file ${fileAt(earlier, parent) ?? ''}`,
      right: 'another path',
    };
  return earlier.some(({ folders }) => folders.has(path)) || isFolderOfDebian(path)
    ? { message: `takes the place of the folder ${path}`, right: `a file in it, such as ${path}/NAME` }
    : undefined;
}

/** Explains why a file would be missing in the image, or would break it. */
function lost(path: string, { layerFacts }: RolePaths): Fault | undefined {
  const long = whyTooLong(path);
  if (long !== undefined) return { message: long, right: 'a shorter one' };
  if (isDerived(path))
    return {
      message: 'is written on each node, from the seed and its own address',
      right: 'nothing: each node makes it itself, so what the image has there is never read',
    };
  const fact = layerFacts.find(({ matches }) => matches(path));
  return fact === undefined ? undefined : { message: fact.why(path), right: fact.instead(path) };
}

/**
 * Finds the files of the layers of a spec that replace files of images/ or of earlier layers without `replace: true`,
 * and those that no image can have. Each is reported once, at its layer in the spec, with both files.
 */
export function siteProblems(roles: readonly RolePaths[]): LocatedProblem[] {
  const problems = new Map<string, LocatedProblem>();
  for (const role of roles)
    for (const [index, { site, files }] of role.layers.entries()) {
      if (site === undefined) continue;
      for (const [path, file] of files) {
        const fault = lost(path, role) ?? overwrites(path, site, role.layers.slice(0, index));
        if (fault === undefined || problems.has(file)) continue;
        const { message, right } = fault;
        problems.set(file, { path: ['layers', site.at], message: `${file} ${message}`, right });
      }
    }
  return [...problems.values()];
}

/** Returns the file of an earlier layer that each file of a layer replaces: path on the node → file. */
export function replacedFiles(roles: readonly RolePaths[], name: string): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>();
  for (const { layers } of roles) {
    const index = layers.findIndex(({ site }) => site?.name === name);
    if (index === -1) continue;
    for (const path of layers[index]?.files.keys() ?? []) {
      const file = fileAt(layers.slice(0, index), path);
      if (file !== undefined) replaced.set(path, file);
    }
  }
  return replaced;
}
