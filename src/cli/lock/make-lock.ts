import type { ProgressStage } from '../../host/progress-stage.ts';
import type { Lock } from '../../inputs/lock/lock.ts';
import { changesTable, layerLockChanges, lockSizeText } from '../../inputs/lock/lock-diff.ts';
import { lockFileOf, readLock } from '../../inputs/lock-file-of.ts';
import { lockSpec } from '../../inputs/lock-spec.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { withProgress } from '../progress/progress.ts';
import { fetchSpecLayers } from '../shared/fetch-spec-layers.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { LockInput } from './options.ts';

async function withStage<T>(world: World, { quiet }: LockInput, work: (stage: ProgressStage) => Promise<T>) {
  const display = { stream: world.stream, quiet, now: () => world.host.now() };
  return await withProgress(display, (progress) => progress.stage('lock', work));
}

/** Creates or updates the lock of a spec, fills the pool, and reports the changes on stderr. */
export async function makeLock(world: World, options: LockInput): Promise<Lock> {
  const before = await readLock(options.spec);
  const layers = await fetchSpecLayers(world, options, before);
  const pool = () => poolOf(world, options.pool);
  const { plan, credentials } = await readPlan(world.host, options.spec, { pool, layers });
  const first = before === undefined;
  const result = await withStage(world, options, (stage) =>
    lockSpec(world.host, {
      plan,
      credentials,
      layers,
      specFile: options.spec,
      pool: pool(),
      update: options.update,
      signal: world.signal,
      onLine: (line) => {
        stage.note(line);
      },
    }),
  );
  if (options.quiet) return result.lock;
  const changedLayers = layerLockChanges(before, result.lock);
  for (const line of changedLayers) world.err(`${line}\n`);
  // In a first lock every package is new, so changes are not shown.
  if (result.changes.length > 0 && !first) world.err(changesTable(result.changes));
  const file = lockFileOf(options.spec);
  const state = !result.written
    ? 'is up to date'
    : result.changes.length === 0 && changedLayers.length === 0
      ? 'has the same packages'
      : 'was written';
  world.err(`${file} ${state}: ${lockSizeText(result.lock)}, ${result.fetched} files fetched\n`);
  return result.lock;
}
