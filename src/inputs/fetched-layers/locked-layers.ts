import { basename } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { Spec } from '../cluster-spec/schema.ts';
import type { LoadedSpec } from '../load-spec.ts';
import type { Lock, LockedLayer } from '../lock/lock.ts';
import { layerChanges, layerOriginText } from '../lock/lock-requirements.ts';
import type { FetchedLayer, LayerOrigin } from '../plan/plan.ts';
import { pooledLayer, requirePooledLayers } from './layer-pool.ts';
import { layerSources } from './layer-sources.ts';

/** Returns what a lock has fixed for a layer; undefined if it was made for another ref, repository or archive. */
export function lockedLayer(lock: Lock | undefined, origin: LayerOrigin): LockedLayer | undefined {
  const asked = lock?.question.layers?.find(({ name }) => name === origin.name);
  if (asked === undefined || layerOriginText(asked) !== layerOriginText(origin)) return undefined;
  return lock?.layers?.find(({ name }) => name === origin.name);
}

/**
 * Returns how the layers that a spec fetches differ from those of its lock, one per line.
 * @param specFolder absolute
 */
export function layerStaleness(spec: Spec, specFolder: string, lock: Lock | undefined): string[] {
  const now = layerSources(spec, specFolder).map(({ origin }) => origin);
  return layerChanges(lock?.question.layers, now);
}

/** The layers of a spec as a lock has fixed them. */
export interface FoundLayers {
  /** Position in `layers` of the spec → absolute folder of the layer's files in the pool. */
  readonly folders: ReadonlyMap<number, string>;
  readonly layers: readonly FetchedLayer[];
}

export interface FindLayers {
  readonly lock: Lock | undefined;
  /** Those that were just fetched, in place of those of the lock. */
  readonly layers?: readonly LockedLayer[] | undefined;
  /** Returns the pool, absolute; called only for a spec that fetches layers. */
  readonly pool: () => string;
}

function notLocked({ fileName }: LoadedSpec, excerpt: readonly string[]): IngotError {
  return new IngotError({
    code: 'wrong-lock',
    message: `${basename(fileName)} has layers from git or an archive that its lock does not fix:`,
    excerpt,
    hint: `run: ingot lock ${fileName}`,
  });
}

/**
 * Finds the layers of a spec that were fetched, in the pool. Reads every file of them, and needs no network.
 * @throws IngotError wrong-lock if the lock was made for other layers, or there is none
 * @throws IngotError wrong-pool if the pool lacks a layer, or has it with other files
 */
export async function findLayers(
  loaded: LoadedSpec,
  spec: Spec,
  { lock, layers, pool }: FindLayers,
): Promise<FoundLayers> {
  const sources = layerSources(spec, loaded.folder);
  if (sources.length === 0) return { folders: new Map(), layers: [] };
  const fixed = sources.map(({ at, origin }) => {
    const one =
      layers === undefined ? lockedLayer(lock, origin) : layers.find(({ name }) => name === origin.name);
    return { at, origin, one };
  });
  const missing = fixed.filter(({ one }) => one === undefined);
  if (missing.length > 0) {
    const changes = layerStaleness(spec, loaded.folder, lock);
    throw notLocked(
      loaded,
      changes.length > 0 ? changes : missing.map(({ origin }) => layerOriginText(origin)),
    );
  }
  const found = fixed.flatMap(({ at, origin, one }) => (one === undefined ? [] : [{ at, origin, one }]));
  const folder = pool();
  await requirePooledLayers(
    folder,
    found.map(({ one }) => one),
    loaded.fileName,
  );
  return {
    folders: new Map(found.map(({ at, one }) => [at, pooledLayer(folder, one.tree)])),
    layers: found.map(({ origin, one: { commit, tree } }) => ({
      ...origin,
      ...(commit === undefined ? {} : { commit }),
      tree,
    })),
  };
}
