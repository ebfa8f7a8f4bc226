import { type CacheFolders, openCache } from '../../bake/bake-caches.ts';
import { bakeStagesOf } from '../../bake/bake-stages-of.ts';
import { explainBake, explainedText } from '../../bake/explain-bake.ts';
import type { UpToDateRequest } from '../../bake/up-to-date-bake.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { planWithLock } from '../../inputs/locked-plan.ts';
import { fetchedFrom } from '../../inputs/plan/describe-contributions.ts';
import type { Plan } from '../../inputs/plan/plan.ts';
import { withProgress } from '../progress/progress.ts';
import type { bakeExplainShape } from '../shapes/small-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { BakeInput } from './options.ts';

/** The layers from git or an archive, a line each, so that a changed ref is next to the files that it changed. */
function layersText({ fetchedLayers = [] }: Plan): string {
  return fetchedLayers.map((layer) => `layer ${layer.name}: ${fetchedFrom(layer)}\n`).join('');
}

/** Prints what a bake would do with each stage and why, as text or JSON on stdout. Requires a lock. */
export async function explain(
  world: World,
  options: BakeInput,
  { read, specFile, roles, out }: UpToDateRequest,
  caches: CacheFolders,
): Promise<number> {
  const { host, signal } = world;
  const pool = poolOf(world, options.pool);
  const locking = { read, specFile, pool, offline: true, mayLock: false, signal };
  const { plan, locked } = await withProgress(
    { stream: world.stream, quiet: true, now: () => host.now() },
    (progress) => planWithLock(host, locking, progress),
  );
  const stages = await bakeStagesOf({ plan, lock: locked.lock, roles, out });
  const cache = openCache(host, caches, (line) => {
    world.err(`${line}\n`);
  });
  const explained = await explainBake(out, stages, cache);
  world.out(
    options.json
      ? jsonText<typeof bakeExplainShape>({ schema: 1, stages: explained })
      : `${explainedText(explained)}${layersText(plan)}`,
  );
  return exitCodes.done;
}
