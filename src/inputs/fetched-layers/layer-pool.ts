import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { LockedLayer } from '../lock/lock.ts';
import { treeDigest } from './tree-digest.ts';

/** Returns the folder of a layer's files in the pool, whether or not it exists. */
export function pooledLayer(pool: string, tree: string): string {
  return join(pool, 'layers', tree);
}

/** Describes what is wrong with a layer in the pool; undefined if nothing is. Every file is read. */
export async function layerFault(pool: string, { tree }: LockedLayer): Promise<string | undefined> {
  const folder = pooledLayer(pool, tree);
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) return 'is not in the pool';
  const actual = await treeDigest(folder);
  return actual.tree === tree ? undefined : `has other files than the lock says: ${folder}`;
}

/**
 * Requires that the pool has the files of layers, unchanged.
 * @param specFile as the user named it, for the command that fetches them
 * @throws IngotError wrong-pool that names each layer that is missing or was changed
 */
export async function requirePooledLayers(
  pool: string,
  layers: readonly LockedLayer[],
  specFile = 'SPEC',
): Promise<void> {
  const faults: string[] = [];
  for (const layer of layers) {
    const fault = await layerFault(pool, layer);
    if (fault !== undefined) faults.push(`the layer ${layer.name} ${fault}`);
  }
  if (faults.length === 0) return;
  throw new IngotError({
    code: 'wrong-pool',
    message: `the pool ${pool} does not contain the layers that the lock names:`,
    excerpt: faults,
    hint: `ingot lock ${specFile} fetches what is missing or was changed\nwithout a network: ingot lock import ${specFile} FILE, with what ingot lock export wrote elsewhere`,
  });
}

const staging = /^(\d+)-layer-/;
let made = 0;

/**
 * Passes a new folder in the pool to `work`, and removes it afterwards. Those that killed processes left are removed
 * first.
 */
export async function withLayerFolder<T>(pool: string, work: (folder: string) => Promise<T>): Promise<T> {
  const all = join(pool, 'partial');
  await mkdir(all, { recursive: true });
  for (const name of await readdir(all)) {
    const pid = staging.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      await rm(join(all, name), { recursive: true, force: true });
  }
  const folder = join(all, `${process.pid}-layer-${made++}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Moves the files of a layer into the pool. A layer that the pool has with other files is replaced.
 * @param folder of its files, absolute, on the pool's file system
 */
export async function addLayer(pool: string, folder: string, layer: LockedLayer): Promise<void> {
  const place = pooledLayer(pool, layer.tree);
  await mkdir(join(pool, 'layers'), { recursive: true });
  for (let tries = 0; ; tries++) {
    try {
      await rename(folder, place);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (tries > 2 || (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR')) throw error;
      if ((await layerFault(pool, layer)) === undefined) return;
      await rename(place, `${folder}.damaged-${tries}`);
    }
  }
}
