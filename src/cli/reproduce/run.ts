import { resolve } from 'node:path';
import { reproduceImages, requireForReproducing } from '../../bake/reproduce-images.ts';
import { reproductionText } from '../../bake/reproduction-text.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { lockedPlan } from '../../inputs/locked-plan.ts';
import { allRoles } from '../../inputs/plan/plan.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { showBake } from '../progress/bake-stages.ts';
import { withProgress } from '../progress/progress.ts';
import type { reproduceShape } from '../shapes/test-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import type { World } from '../world.ts';
import type { ReproduceInput } from './options.ts';

/**
 * ingot reproduce: bakes again from the lock, publishes nothing, and compares with the latest images of the store; exit
 * 3 if a byte differs.
 */
export async function reproduce(world: World, options: ReproduceInput): Promise<number> {
  const { host, signal } = world;
  const read = await readPlan(host, options.spec, { pool: () => poolOf(world, options.pool) });
  const roles = options.role === undefined ? allRoles : [options.role];
  const out = resolve(world.cwd, options.out);
  const accelerator = world.env['INGOT_ACCEL'];
  await requireForReproducing({ roles, out, accelerator });
  const pool = poolOf(world, options.pool);
  const { images, logs } = await withProgress(
    { stream: world.stream, now: () => host.now() },
    async (progress) => {
      const { offline } = options;
      // With a new lock there would be nothing to reproduce.
      const request = { read, specFile: options.spec, pool, offline, mayLock: false, signal };
      const { plan, locked } = await progress.stage('lock', (stage) => lockedPlan(host, request, stage));
      const filled = () => Promise.resolve();
      const { specSha256 } = read;
      const make = { plan, specSha256, locked, fillPool: filled, roles, out, accelerator, signal, showBake };
      return reproduceImages(host, make, progress);
    },
  );
  world.out(
    options.json
      ? jsonText<typeof reproduceShape>({ schema: 1, images })
      : images.map(reproductionText).join('\n'),
  );
  world.err(`logs  ${logs}\n`);
  return images.every(({ difference }) => difference.equal) ? exitCodes.done : exitCodes.difference;
}
