import type { bakeImages } from '../../bake/bake.ts';
import { type CacheFolders, openCache } from '../../bake/bake-caches.ts';
import type { BakeWatch, BuildRequest } from '../../bake/bake-request.ts';
import { bakeStagesOf } from '../../bake/bake-stages-of.ts';
import type { StageCache } from '../../bake/cache/stage-cache.ts';
import type { BakeStages } from '../../bake/keys/bake-stages.ts';
import type { UpToDateRequest } from '../../bake/up-to-date-bake.ts';
import { fillPoolFor, planWithLock } from '../../inputs/locked-plan.ts';
import type { Plan } from '../../inputs/plan/plan.ts';
import { showBake } from '../progress/bake-stages.ts';
import type { Stage } from '../progress/stage.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import { holdUntilInterrupted } from './hold.ts';
import type { BakeInput } from './options.ts';

/** The cache of a bake, where its work is shown, and who hears of it. */
export interface BakeSurroundings {
  readonly caches: CacheFolders;
  readonly progress: Stage;
  readonly watch: BakeWatch;
  /** Changes the plan before the keys of its stages are computed. */
  readonly change?: (plan: Plan) => Plan;
}

/** A bake whose packages are fixed and whose stages are known. */
export interface PreparedBake {
  readonly request: BuildRequest;
  readonly cache: StageCache;
  readonly stages: BakeStages;
  /** Whether the lock was made for this bake. */
  readonly made: boolean;
  /** Shows a line that is not a stage. */
  readonly say: (line: string) => void;
}

/**
 * Fixes the packages of a spec by its lock, and computes the keys of its stages.
 * @throws IngotError wrong-lock if the lock is missing or does not match the spec
 */
export async function prepareBake(
  world: World,
  options: BakeInput,
  { read, specFile, roles, out }: UpToDateRequest,
  { caches, progress, watch: reports, change = (plan) => plan }: BakeSurroundings,
): Promise<PreparedBake> {
  const { host, signal } = world;
  const mayLock = !options.locked;
  const pool = poolOf(world, options.pool);
  const locking = { read, specFile, pool, offline: options.offline, mayLock, signal };
  const {
    plan: whole,
    locked,
    made,
  } = await progress.stage('lock', (stage) => planWithLock(host, locking, stage));
  const plan = change(whole);
  const stages = await bakeStagesOf({ plan, lock: locked.lock, roles, out });
  const say = (line: string) => {
    progress.begin(line).end('done');
  };
  const cache = openCache(host, caches, say);
  const fillPool: Parameters<typeof bakeImages>[1]['fillPool'] = (groups, stage) =>
    fillPoolFor(host, locking, { lock: locked.lock, groups }, stage);
  // Also with --quiet: otherwise nobody would know why the bake does not end.
  const sayHeld = options.quiet
    ? (line: string) => {
        world.err(`${line}\n`);
      }
    : say;
  const watch = options.keepOnFailure ? { ...reports, hold: holdUntilInterrupted(signal, sayHeld) } : reports;
  const request = {
    ...{ plan, specSha256: read.specSha256, locked, fillPool, roles, out, signal, showBake, watch },
    ...{ accelerator: world.env['INGOT_ACCEL'], prepareOnly: options.prepare },
  };
  return { request, cache, stages, made, say };
}
