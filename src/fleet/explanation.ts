import type { PathOrigin } from '../diff/compare/version-difference.ts';
import { layerName } from '../inputs/plan/layer-place.ts';
import { type Action, actionOf, adoptPlace, adviceText } from './advice.ts';
import type { Drift } from './answer/drift.ts';
import type { SharedHead } from './answer/head.ts';
import { type DriftParts, partsOf } from './explain-fleet.ts';

/** A drift together with its origin and what to do about it. */
export interface ExplainedDrift extends Drift {
  /** The package, or the folder of images/, that brought the path into the image. */
  readonly owner: string;
  readonly action: Action;
  /** What to do, as text. */
  readonly advice: string;
}

/** The drift of all nodes with the same answer. */
export interface Explanation {
  readonly drifts: readonly ExplainedDrift[];
  /** The number of further drifts that are not listed. */
  readonly more: number;
}

/** What brought paths of one version into the image; undefined if the store does not have that version. */
export type Origins = ReadonlyMap<string, PathOrigin> | undefined;

/** The paths of the image that a drift may be about, the most likely first. */
export function imagePaths({ path }: Pick<Drift, 'path'>): string[] {
  if (path.startsWith('/')) {
    // /etc/passwd:toor is about a line; a colon may also be part of a name.
    const before = path.slice(0, path.indexOf(':'));
    return path.includes(':') ? [path, before] : [path];
  }
  const unit = /^unit:([^:/]+)/.exec(path)?.[1];
  if (unit !== undefined)
    return ['/usr/lib', '/etc'].map((folder) => `${folder}/systemd/system/${unit.replace(/@.*(?=\.)/, '@')}`);
  const program = /^process:(\/[^:]+)/.exec(path)?.[1];
  return program === undefined ? [] : [program];
}

/** The origin of a drift, as text for people. */
function ownerOf(
  drift: Drift,
  origins: Origins,
): { readonly owner: string; readonly layers: readonly string[] } {
  const named = /^package:([^:]+)/.exec(drift.path)?.[1];
  if (named !== undefined) return { owner: `package ${named}`, layers: [] };
  const paths = imagePaths(drift);
  if (paths.length === 0) return { owner: 'no file', layers: [] };
  if (origins === undefined) return { owner: 'not known: the store does not have this version', layers: [] };
  for (const path of paths) {
    const origin = origins.get(path);
    if (origin === undefined) continue;
    const layers = origin.layers.map(layerName);
    const from = [
      ...(origin.packages.length === 0 ? [] : [`package ${origin.packages.join(', ')}`]),
      ...layers,
      ...(origin.guest ? ['a step of images/, or the boot of the build guest'] : []),
    ];
    if (from.length > 0) return { owner: from.join('; '), layers };
  }
  const made = drift.class === 'derived' ? 'generated on the node from the seed' : 'generated';
  return { owner: drift.kind === 'added' ? 'not part of the image' : made, layers: [] };
}

/** Explains the drift of nodes with this answer; undefined if no node gave its complete answer. */
export function explanationOf(
  head: SharedHead,
  parts: DriftParts,
  origins: Origins,
): Explanation | undefined {
  const own = partsOf(head).map((key) => parts.get(key));
  if (own.length === 0 || own.includes(undefined)) return undefined;
  const drifts = own
    .flatMap((part) => part?.drifts ?? [])
    .map((drift): ExplainedDrift => {
      const action = actionOf(drift);
      const { owner, layers } = ownerOf(drift, origins);
      const advice = adviceText(action, drift, adoptPlace(drift.path, head.role, layers));
      return { ...drift, owner, action, advice };
    });
  return { drifts, more: own.reduce((sum, part) => sum + (part?.more ?? 0), 0) };
}
