import { resolve } from 'node:path';
import { exitCodes } from '../../errors/ingot-error.ts';
import { peakMemoryBytes } from '../../host/peak-memory.ts';
import { allRoles, type Role } from '../../plan/plan.ts';
import { bakeImages, requireForBake } from '../../recipe/bake-images.ts';
import { lockFileOf } from '../../recipe/lock-file-of.ts';
import { lockedPlan } from '../../recipe/locked-plan.ts';
import { readPlan } from '../../recipe/read-plan.ts';
import { resultTable } from '../../recipe/result-table.ts';
import { showBake } from '../progress/bake-stages.ts';
import { poolOf } from '../pool-of.ts';
import { withProgress } from '../progress/progress.ts';
import type { World } from '../world.ts';

export interface BakeOptions {
  readonly spec: string;
  readonly out: string;
  readonly role: Role | undefined;
  readonly quiet: boolean;
  readonly pool: string | undefined;
  /** The pool alone, never the network. */
  readonly offline: boolean;
  /** From a lock that is there, for an example too. */
  readonly locked: boolean;
}

/** ingot bake: bakes, boots and publishes; prints the folder of each image on stdout. */
export async function bake(world: World, options: BakeOptions): Promise<number> {
  const roles = options.role === undefined ? allRoles : [options.role];
  const read = await readPlan(world.host, options.spec);
  const out = resolve(world.cwd, options.out);
  const accelerator = world.env['INGOT_ACCEL'];
  await requireForBake({ roles, out, accelerator });
  const pool = poolOf(world, options.pool);
  const { signal } = world;
  const result = await withProgress(
    { stream: world.stream, quiet: options.quiet, now: () => world.host.now() },
    async (progress) => {
      const { offline } = options;
      const mayLock = !options.locked;
      const request = { read, specFile: options.spec, pool, offline, mayLock, signal };
      const { plan, locked, made } = await progress.stage('lock', (stage) =>
        lockedPlan(world.host, request, stage),
      );
      const images = await bakeImages(
        world.host,
        {
          plan,
          locked,
          roles,
          out,
          accelerator,
          signal,
          showBake,
        },
        progress,
      );
      return { ...images, made };
    },
  );
  if (!options.quiet && result.made)
    world.err(`${lockFileOf(options.spec)} was made: the next bake takes the same packages\n`);
  if (!options.quiet) world.err(resultTable(result, peakMemoryBytes()));
  for (const image of result.images) world.out(`${image.folder}\n`);
  return exitCodes.done;
}
