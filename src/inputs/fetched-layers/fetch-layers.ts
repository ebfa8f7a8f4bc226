import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { Spec } from '../cluster-spec/schema.ts';
import type { LoadedSpec } from '../load-spec.ts';
import type { Lock, LockedLayer } from '../lock/lock.ts';
import { locatedError } from '../yaml/located-error.ts';
import { fetchArchive } from './fetch-archive.ts';
import { fetchGit } from './fetch-git.ts';
import { addLayer, layerFault, withLayerFolder } from './layer-pool.ts';
import { type LayerSource, layerSources } from './layer-sources.ts';
import { lockedLayer } from './locked-layers.ts';
import { treeDigest } from './tree-digest.ts';
import { TreeFault } from './tree-fault.ts';

export interface LayersRequest {
  readonly loaded: LoadedSpec;
  readonly spec: Spec;
  /** The previous lock. */
  readonly lock: Lock | undefined;
  /** Absolute. */
  readonly pool: string;
  /** 'all' or the named layers are what their refs are now; undefined keeps the locked commits. */
  readonly update: 'all' | readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

const hint = 'docs/layers.md says where a layer may come from, and what it may have.';

/** Fetches a layer into a folder of the run, and returns what the lock says about it. */
async function fetchInto(
  host: Host,
  source: LayerSource,
  { work, commit }: { readonly work: string; readonly commit: string | undefined },
  signal: AbortSignal,
): Promise<LockedLayer> {
  const { name, git } = source.origin;
  const to = join(work, 'tree');
  await mkdir(to);
  let found: string | undefined;
  if (git === undefined) await fetchArchive(host, { source, work, to }, signal);
  else found = await fetchGit(host, { source, commit, work, to }, signal);
  const { tree, files, size } = await treeDigest(to);
  return { name, ...(found === undefined ? {} : { commit: found }), tree, files, size };
}

/** The error for a source that has other files under what the lock has fixed. */
function otherTree({ origin: { name, git, archive } }: LayerSource, kept: LockedLayer): IngotError {
  const from = kept.commit === undefined ? (archive ?? '') : `${git ?? ''} at ${kept.commit}`;
  return new IngotError({
    code: 'wrong-lock',
    message: `the layer ${name}: the files of ${from} are not those that the lock has fixed`,
    hint: 'restore the lock from version control, or make a new one with ingot lock SPEC --update',
  });
}

async function fetchLayer(host: Host, source: LayerSource, request: LayersRequest): Promise<LockedLayer> {
  const { lock, pool, update, signal, onLine } = request;
  const { name, git, ref, archive } = source.origin;
  const renewed = update === 'all' || (update?.includes(name) ?? false);
  const kept = renewed ? undefined : lockedLayer(lock, source.origin);
  if (kept !== undefined && (await layerFault(pool, kept)) === undefined) return kept;
  onLine(`the layer ${name}: ${git === undefined ? (archive ?? '') : `${git} ${kept?.commit ?? ref ?? ''}`}`);
  return await withLayerFolder(pool, async (work) => {
    const layer = await fetchInto(host, source, { work, commit: kept?.commit }, signal);
    if (kept !== undefined && kept.tree !== layer.tree) throw otherTree(source, kept);
    await addLayer(pool, join(work, 'tree'), layer);
    return layer;
  });
}

/**
 * Fetches the layers of a spec that come from git or an archive into the pool, as far as it lacks them.
 * @returns what the lock fixes, in the order of the spec
 * @throws IngotError wrong-layer with everything that is wrong with them, at their places in the spec
 * @throws IngotError unreachable-source if a server does not answer; missing-program without git
 */
export async function fetchLayers(host: Host, request: LayersRequest): Promise<readonly LockedLayer[]> {
  const { loaded, spec } = request;
  const layers: LockedLayer[] = [];
  const problems: { path: readonly (string | number)[]; message: string; right: string }[] = [];
  for (const source of layerSources(spec, loaded.folder)) {
    try {
      layers.push(await fetchLayer(host, source, request));
    } catch (error) {
      if (!(error instanceof TreeFault)) throw error;
      const { name } = source.origin;
      problems.push({
        path: ['layers', source.at],
        message: `the layer ${name}: ${error.message}`,
        right: error.right,
      });
    }
  }
  if (problems.length > 0) throw locatedError(loaded, problems, hint, 'wrong-layer');
  return layers;
}
