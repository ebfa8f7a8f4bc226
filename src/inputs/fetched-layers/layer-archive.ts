import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Lock, LockedLayer } from '../lock/lock.ts';
import { pooledLayer } from './layer-pool.ts';
import { treeDigest } from './tree-digest.ts';
import { TreeFault } from './tree-fault.ts';
import { TreeWriter } from './tree-writer.ts';
import { unpackTar } from './unpack-tar.ts';

/** The folder of an exported lock that has the layers. */
export const layersName = 'layers';

/**
 * Writes the files of each layer of a lock into a tar of its own, in which links stay links.
 * @param folder absolute; gets a folder with the tars
 * @param canonical options of tar with which the same files always result in the same bytes
 */
export async function writeLayerTars(
  host: Host,
  { layers, pool, folder }: { layers: readonly LockedLayer[]; pool: string; folder: string },
  canonical: readonly string[],
): Promise<void> {
  await mkdir(join(folder, layersName));
  for (const { tree } of layers)
    await host.run('tar', [
      ...['--create', '--force-local', '--file', join(folder, layersName, `${tree}.tar`), '--format=gnu'],
      ...[...canonical, '--directory', resolve(pooledLayer(pool, tree)), '.'],
    ]);
}

/** Returns the layers, each tree of files once. */
export function distinctLayers(layers: readonly LockedLayer[]): readonly LockedLayer[] {
  return [...new Map(layers.map((layer) => [layer.tree, layer])).values()];
}

/** Returns the folder in which the files of a layer are after unpackLayerTars. */
export function unpackedLayer(folder: string, { tree }: LockedLayer): string {
  return join(folder, `layer-${tree}`);
}

async function whyNotLayer(folder: string, layer: LockedLayer): Promise<string | undefined> {
  const file = join(folder, layersName, `${layer.tree}.tar`);
  const found = await lstat(file).catch(() => undefined);
  if (found?.isFile() !== true) return 'is missing';
  const to = unpackedLayer(folder, layer);
  await mkdir(to, { recursive: true });
  try {
    await unpackTar(file, new TreeWriter(to, ''));
  } catch (error) {
    if (error instanceof TreeFault) return `cannot be taken: ${error.message}`;
    throw error;
  }
  return (await treeDigest(to)).tree === layer.tree ? undefined : 'has other files than the lock says';
}

/**
 * Unpacks the layers of an exported lock, as safely as those from elsewhere.
 * @param folder absolute; has the folder that writeLayerTars made
 * @returns what is wrong with them; nothing if they are what the lock says
 */
export async function unpackLayerTars(folder: string, { layers = [] }: Lock): Promise<string[]> {
  const distinct = distinctLayers(layers);
  const faults: string[] = [];
  for (const layer of distinct) {
    const why = await whyNotLayer(folder, layer);
    if (why !== undefined) faults.push(`the layer ${layer.name} ${why}`);
  }
  const known = new Set(distinct.map(({ tree }) => `${tree}.tar`));
  const names = await readdir(join(folder, layersName)).catch(() => []);
  return [...faults, ...names.filter((name) => !known.has(name)).map((name) => `${name} is not in its lock`)];
}
