import { resolve } from 'node:path';
import { defaultPool } from '../../inputs/pool/pool.ts';
import type { World } from '../world.ts';

/** Absolute path of the pool that the command line or the environment sets. */
export function poolOf(world: World, named: string | undefined): string {
  return resolve(world.cwd, named ?? defaultPool(world.env));
}
