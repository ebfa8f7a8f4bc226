import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { Lock } from './lock/lock.ts';
import { lockText, parseLock } from './lock/lock-file.ts';

/** Returns the path of a spec's lock, which is next to it: cluster.lock.json for cluster.yaml. */
export function lockFileOf(specFile: string): string {
  return `${specFile.replace(/\.ya?ml$/, '')}.lock.json`;
}

/**
 * Reads the lock of a spec; undefined if it has none.
 * @throws IngotError wrong-lock if it is damaged
 */
export async function readLock(specFile: string): Promise<Lock | undefined> {
  const file = lockFileOf(specFile);
  try {
    return parseLock(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof IngotError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new IngotError({
      code: 'wrong-lock',
      message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      hint: `the lock of ${basename(specFile)} has to be a readable file`,
      cause: error,
    });
  }
}

/** Writes the lock of a spec atomically, by rename. */
export async function writeLock(specFile: string, lock: Lock): Promise<void> {
  const file = lockFileOf(specFile);
  const own = `${file}.${process.pid}`;
  try {
    await writeFile(own, lockText(lock));
    await rename(own, file);
  } finally {
    await rm(own, { force: true });
  }
}
