import { exitCodes } from '../../host/ingot-error.ts';
import type { World } from '../world.ts';
import { makeLock } from './make-lock.ts';
import type { LockInput } from './options.ts';

/** ingot lock: fixes every package of a spec, and fills the pool. */
export async function lock(world: World, input: LockInput): Promise<number> {
  await makeLock(world, input);
  return exitCodes.done;
}
