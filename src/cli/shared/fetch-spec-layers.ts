import { parseSpec } from '../../inputs/cluster-spec/parse-spec.ts';
import { fetchLayers } from '../../inputs/fetched-layers/fetch-layers.ts';
import { loadSpec } from '../../inputs/load-spec.ts';
import type { Lock, LockedLayer } from '../../inputs/lock/lock.ts';
import { withProgress } from '../progress/progress.ts';
import type { World } from '../world.ts';
import { poolOf } from './pool-of.ts';

/** Whose layers are fetched, and how. */
export interface SpecLayersRequest {
  /** As the user named it. */
  readonly spec: string;
  /** The option --pool. */
  readonly pool: string | undefined;
  /** As of `ingot lock`: 'all' also fetches the layers of an existing lock again. */
  readonly update: 'all' | readonly string[] | undefined;
  readonly quiet: boolean;
}

/**
 * Fetches the layers of a spec that come from git or an archive; their image.yaml say which packages are locked.
 * @param before the existing lock
 */
export async function fetchSpecLayers(
  world: World,
  { spec: file, pool, update, quiet }: SpecLayersRequest,
  before: Lock | undefined,
): Promise<readonly LockedLayer[]> {
  const loaded = await loadSpec(file);
  const spec = parseSpec(loaded.text, file, world.host.warn);
  if (spec.layers.every(({ fetched }) => fetched === undefined)) return [];
  const { host, signal, stream } = world;
  return await withProgress({ stream, quiet, now: () => host.now() }, (progress) =>
    progress.stage('layers', (stage) =>
      fetchLayers(host, {
        ...{ loaded, spec, lock: before, update, signal },
        pool: poolOf(world, pool),
        onLine: (line) => {
          stage.note(line);
        },
      }),
    ),
  );
}
