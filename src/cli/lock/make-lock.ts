import type { Lock } from '../../inputs/lock/lock.ts';
import { changesTable, lockSizeText } from '../../inputs/lock/lock-diff.ts';
import { lockFileOf, readLock } from '../../inputs/lock-file-of.ts';
import { lockSpec } from '../../inputs/lock-spec.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { withProgress } from '../progress/progress.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { LockInput } from './options.ts';

/** Creates or updates the lock of a spec, fills the pool, and reports the changes on stderr. */
export async function makeLock(world: World, options: LockInput): Promise<Lock> {
  const { plan, credentials } = await readPlan(world.host, options.spec);
  const first = (await readLock(options.spec)) === undefined;
  const result = await withProgress(
    { stream: world.stream, quiet: options.quiet, now: () => world.host.now() },
    (progress) =>
      progress.stage('lock', (stage) =>
        lockSpec(world.host, {
          plan,
          credentials,
          specFile: options.spec,
          pool: poolOf(world, options.pool),
          update: options.update,
          signal: world.signal,
          onLine: (line) => {
            stage.note(line);
          },
        }),
      ),
  );
  if (options.quiet) return result.lock;
  // In a first lock every package is new, so changes are not shown.
  if (result.changes.length > 0 && !first) world.err(changesTable(result.changes));
  const file = lockFileOf(options.spec);
  const state = !result.written
    ? 'is up to date'
    : result.changes.length === 0
      ? 'has the same packages'
      : 'was written';
  world.err(`${file} ${state}: ${lockSizeText(result.lock)}, ${result.fetched} files fetched\n`);
  return result.lock;
}
