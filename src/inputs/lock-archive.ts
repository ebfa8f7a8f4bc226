import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { sha256File } from '../host/sha256-file.ts';
import { withTemporaryFolder } from '../host/with-temporary-folder.ts';
import {
  distinctLayers,
  layersName,
  unpackedLayer,
  unpackLayerTars,
  writeLayerTars,
} from './fetched-layers/layer-archive.ts';
import { addLayer, requirePooledLayers } from './fetched-layers/layer-pool.ts';
import { epochOf, keyFilesOf, type Lock } from './lock/lock.ts';
import { lockText, parseLock } from './lock/lock-file.ts';
import { poolFiles } from './lock/wanted-files.ts';
import { addToPool, isPooled, pooledPath, type PoolFile } from './pool/pool.ts';
import { noSpaceLeft } from './pool/pool-space.ts';
import { verifyPool } from './pool/verify-pool.ts';

const lockName = 'lock.json';
const debsName = 'debs';

/** Returns the keys of a lock that the pool has. A bake does not need them. */
async function pooledKeys(lock: Lock, pool: string): Promise<PoolFile[]> {
  const keys: PoolFile[] = [];
  for (const key of keyFilesOf(lock)) if (await isPooled(pool, key)) keys.push(key);
  return keys;
}

/**
 * Writes a lock and all its files into one tar archive. The same lock always results in the same bytes. The keys of
 * presets are included if the pool has them.
 * @param file absolute; it appears complete or not at all
 * @throws IngotError wrong-pool if a file is missing or damaged in the pool
 */
export async function exportLock(host: Host, lock: Lock, pool: string, file: string): Promise<void> {
  const files: readonly PoolFile[] = [...poolFiles(lock), ...(await pooledKeys(lock, pool))];
  const { layers = [] } = lock;
  await verifyPool(pool, files);
  await requirePooledLayers(pool, layers);
  const own = `${file}.${process.pid}`;
  try {
    await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, lockName), lockText(lock));
      await mkdir(join(folder, debsName));
      for (const { sha256 } of files)
        await symlink(resolve(pooledPath(pool, sha256)), join(folder, debsName, `${sha256}.deb`));
      const canonical = [
        '--mode=u=rwX,go=rX',
        '--sort=name',
        `--mtime=@${epochOf(lock)}`,
        '--owner=0',
        '--group=0',
        '--numeric-owner',
      ];
      if (layers.length > 0) await writeLayerTars(host, { layers, pool, folder }, canonical);
      await host.run('tar', [
        ...['--create', '--force-local', '--file', own, '--format=ustar', '--dereference', ...canonical],
        ...['--directory', folder, lockName, debsName, ...(layers.length === 0 ? [] : [layersName])],
      ]);
    });
    await rename(own, file);
  } finally {
    await rm(own, { force: true });
  }
}

function damaged(file: string, excerpt: readonly string[]): IngotError {
  return new IngotError({
    code: 'wrong-archive',
    message: `${file} is not an archive of ingot lock export; nothing of it was taken:`,
    excerpt,
    hint: 'copy the archive here again',
  });
}

/**
 * Imports a lock and its files from an archive. Nothing becomes visible before every digest is verified.
 * @param file absolute
 * @throws IngotError wrong-archive that names each file that is missing, has the wrong bytes or does not belong there
 */
export async function importLock(host: Host, file: string, pool: string): Promise<Lock> {
  const folder = join(pool, 'partial', `${process.pid}-import`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await unpack(host, file, folder, [lockName, debsName]);
    const text = await readFile(join(folder, lockName), 'utf8').catch(() => {
      throw damaged(file, ['it holds no lock']);
    });
    const lock = parseLock(text, `${file}: ${lockName}`);
    const keys = keyFilesOf(lock).filter(({ sha256 }) => existsSync(join(folder, debsName, `${sha256}.deb`)));
    const wanted: readonly PoolFile[] = [...poolFiles(lock), ...keys];
    const faults: string[] = [];
    for (const one of wanted) {
      const path = join(folder, debsName, `${one.sha256}.deb`);
      const found = await lstat(path).catch(() => undefined);
      if (found?.isFile() !== true) faults.push(`${one.label} is missing`);
      else if ((await sha256File(path)) !== one.sha256)
        faults.push(`${one.label} has other bytes than the lock says`);
    }
    const known = new Set(wanted.map(({ sha256 }) => `${sha256}.deb`));
    const names = await readdir(join(folder, debsName)).catch(() => []);
    faults.push(...names.filter((name) => !known.has(name)).map((name) => `${name} is not in its lock`));
    const { layers = [] } = lock;
    if (layers.length > 0) {
      await unpack(host, file, folder, [layersName]);
      faults.push(...(await unpackLayerTars(folder, lock)));
    }
    if (faults.length > 0) throw damaged(file, faults);
    for (const one of wanted) await addToPool(pool, join(folder, debsName, `${one.sha256}.deb`), one, 'move');
    for (const layer of distinctLayers(layers)) await addLayer(pool, unpackedLayer(folder, layer), layer);
    return lock;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(host: Host, file: string, folder: string, members: readonly string[]): Promise<void> {
  try {
    await host.run('tar', [
      ...['--extract', '--force-local', '--file', file, '--directory', folder],
      ...['--no-same-owner', '--no-same-permissions', ...members],
    ]);
  } catch (error) {
    if (error instanceof IngotError && error.code === 'command-failed') {
      const full = error.excerpt.some((line) => line.includes('No space left on device'));
      if (full) throw await noSpaceLeft(folder, (await stat(file)).size);
      throw damaged(file, error.excerpt);
    }
    throw error;
  }
}
