import { resolve } from 'node:path';
import { exitCodes } from '../../../host/ingot-error.ts';
import {
  changesBetween,
  changesTable,
  layerLockChanges,
  lockSizeText,
} from '../../../inputs/lock/lock-diff.ts';
import { importLock } from '../../../inputs/lock-archive.ts';
import { lockFileOf, readLock, writeLock } from '../../../inputs/lock-file-of.ts';
import { poolOf } from '../../shared/pool-of.ts';
import type { World } from '../../world.ts';
import type { LockImportInput } from './options.ts';

/** ingot lock import: puts the lock of an archive next to the spec, and its packages into the pool. */
export async function importLockFile(world: World, input: LockImportInput): Promise<number> {
  const { spec, file, pool, quiet } = input;
  const before = await readLock(spec);
  const taken = await importLock(world.host, resolve(world.cwd, file), poolOf(world, pool));
  await writeLock(spec, taken);
  if (quiet) return exitCodes.done;
  if (before !== undefined) for (const line of layerLockChanges(before, taken)) world.err(`${line}\n`);
  const changes = before === undefined ? [] : changesBetween(before, taken);
  if (changes.length > 0) world.err(changesTable(changes));
  world.err(`${lockFileOf(spec)} was imported with ${lockSizeText(taken)}\n`);
  return exitCodes.done;
}
