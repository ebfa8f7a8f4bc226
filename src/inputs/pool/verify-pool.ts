import { stat } from 'node:fs/promises';
import pLimit from 'p-limit';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { pooledPath, type PoolFile } from './pool.ts';

/** Describes what is wrong with a file of the pool; undefined if nothing is. */
async function fault(pool: string, file: PoolFile): Promise<string | undefined> {
  const path = pooledPath(pool, file.sha256);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'is not in the pool';
  if (found.size !== file.size) return `has ${found.size} bytes instead of ${file.size}: ${path}`;
  const digest = await sha256File(path);
  return digest === file.sha256 ? undefined : `has other bytes than the lock says (${digest}): ${path}`;
}

/**
 * Reads every file and compares its size and SHA-256, several in parallel.
 * @throws IngotError wrong-pool that names each file that is missing or has other bytes
 */
export async function verifyPool(
  pool: string,
  files: readonly PoolFile[],
  signal?: AbortSignal,
): Promise<void> {
  const limit = pLimit(4);
  const faults = await Promise.all(
    files.map((file) =>
      limit(async () => {
        signal?.throwIfAborted();
        const found = await fault(pool, file);
        return found === undefined ? [] : [`${file.label} ${found}`];
      }),
    ),
  );
  const all = faults.flat();
  if (all.length === 0) return;
  throw new IngotError({
    code: 'wrong-pool',
    message: `the pool ${pool} does not contain what the lock names:`,
    excerpt: all,
    hint: 'ingot lock SPEC fetches what is missing or damaged, from the sources or from the .debs of the spec\nwithout a network: ingot lock import SPEC FILE, with what ingot lock export wrote elsewhere',
  });
}

/** Returns the files that the pool does not have, or has with other bytes. */
export async function faultyFiles<File extends PoolFile>(
  pool: string,
  files: readonly File[],
): Promise<File[]> {
  const limit = pLimit(4);
  const faulty = await Promise.all(
    files.map((file) => limit(async () => ((await fault(pool, file)) === undefined ? [] : [file]))),
  );
  return faulty.flat();
}
