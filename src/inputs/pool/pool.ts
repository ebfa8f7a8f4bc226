import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { userCacheFolder } from '../../host/user-folder.ts';

/** A file of the pool: its digest and size, and its name in errors. */
export interface PoolFile {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Its name in errors: "mesos 1.9.0-1 (from local)". */
  readonly label: string;
}

/**
 * Returns the pool of this user: INGOT_POOL, else ingot/pool in the user's cache.
 * @throws IngotError host-not-ready if HOME is empty or relative
 */
export function defaultPool(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['INGOT_POOL'];
  if (own !== undefined && own !== '') return own;
  return join(userCacheFolder(env, '--pool FOLDER or INGOT_POOL'), 'ingot/pool');
}

/** Returns the path of the file with this digest in the pool, whether or not it exists. */
export function pooledPath(pool: string, sha256: string): string {
  return join(pool, sha256.slice(0, 2), `${sha256}.deb`);
}

/** Reports whether the pool has a file with the name of this digest and with this size; its bytes are not read. */
export async function isPooled(pool: string, file: PoolFile): Promise<boolean> {
  const found = await stat(pooledPath(pool, file.sha256)).catch(() => undefined);
  return found?.size === file.size;
}

/**
 * Adds a file to the pool after its bytes are verified. It is renamed into place, so that others see the complete file
 * or none.
 * @param how move removes the file from its place (it must be on the pool's file system), copy keeps it
 * @throws IngotError wrong-pool if its bytes do not match the digest; the pool is left unchanged
 */
export async function addToPool(
  pool: string,
  from: string,
  file: PoolFile,
  how: 'move' | 'copy',
): Promise<void> {
  const target = pooledPath(pool, file.sha256);
  const own = how === 'move' ? from : `${target}.${process.pid}-${String(process.hrtime.bigint())}`;
  await mkdir(join(pool, file.sha256.slice(0, 2)), { recursive: true });
  try {
    if (how === 'copy') await copyFile(from, own);
    const digest = await sha256File(own);
    if (digest !== file.sha256) throw otherBytes(file, digest, from);
    await rename(own, target);
  } finally {
    await rm(own, { force: true });
  }
}

function otherBytes(file: PoolFile, digest: string, path: string): IngotError {
  return new IngotError({
    code: 'wrong-pool',
    message: `${file.label}: its bytes are not those of the lock`,
    excerpt: [path, `has the SHA-256 ${digest}`, `expected        ${file.sha256}`],
    hint: 'ingot lock SPEC fetches it again if it is gone from the pool and its source still has it',
  });
}
