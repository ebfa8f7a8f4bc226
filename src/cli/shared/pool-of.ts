import { resolve } from 'node:path';
import { defaultPool } from '../../inputs/pool/pool.ts';
import type { World } from '../world.ts';

/** The pool that the command line or the environment names, absolute. */
export function poolOf(world: World, named: string | undefined): string {
  return resolve(world.cwd, named ?? defaultPool(world.env));
}
