import { resolve } from 'node:path';
import { exitCodes } from '../../../host/ingot-error.ts';
import { lockSizeText } from '../../../inputs/lock/lock-diff.ts';
import { exportLock } from '../../../inputs/lock-archive.ts';
import { poolOf } from '../../shared/pool-of.ts';
import type { World } from '../../world.ts';
import { makeLock } from '../make-lock.ts';
import type { LockExportInput } from './options.ts';

/**
 * ingot lock export: writes the lock and its packages into one archive; the lock is first updated if it does not match
 * the spec.
 */
export async function exportLockFile(world: World, input: LockExportInput): Promise<number> {
  const made = await makeLock(world, { ...input, update: undefined });
  await exportLock(world.host, made, poolOf(world, input.pool), resolve(world.cwd, input.file));
  if (!input.quiet) world.err(`${input.file}: the lock and ${lockSizeText(made)}\n`);
  return exitCodes.done;
}
