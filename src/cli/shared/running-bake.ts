import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { type RunFolder, runningRuns } from '../../store/run-folder.ts';
import { journalName } from '../progress/journal.ts';
import type { World } from '../world.ts';

/** Whether a run is that of a bake: boot tests and rehearsals have run folders too. */
const isBake = ({ logs }: RunFolder): boolean => existsSync(join(logs, journalName));

/**
 * The newest bake that runs in a store.
 * @param out as the user wrote it
 * @returns undefined if none runs
 */
export async function runningBake({ cwd }: Pick<World, 'cwd'>, out: string): Promise<RunFolder | undefined> {
  return (await runningRuns(resolve(cwd, out))).findLast(isBake);
}

/**
 * The newest bake that runs in a store.
 * @throws IngotError no-bake if none runs
 */
export async function requireRunningBake(world: Pick<World, 'cwd'>, out: string): Promise<RunFolder> {
  const run = await runningBake(world, out);
  if (run !== undefined) return run;
  throw new IngotError({
    code: 'no-bake',
    message: `no bake runs in ${out}`,
    hint: `name its store with --out FOLDER; a bake that fixes its packages (lock) has not begun yet; the logs of earlier bakes are in ${out}/runs`,
  });
}
