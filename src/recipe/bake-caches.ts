import { mkdir } from 'node:fs/promises';
import { allStages, type BakeStages } from '../cache/bake-stages.ts';
import { collectGarbage } from '../cache/collect-garbage.ts';
import { folderStore, readOnlyStore } from '../cache/folder-store.ts';
import { shareStages } from '../cache/share-stages.ts';
import { StageCache } from '../cache/stage-cache.ts';
import type { Host } from '../host/host.ts';

/** Absolute folders of the caches that a bake uses; without one of its own it uses none. */
export interface CacheFolders {
  readonly own: string | undefined;
  /** Looked into as well, and not written. */
  readonly from: string | undefined;
  /** Given at the end what it lacks of this bake. */
  readonly to: string | undefined;
  /** What its own may take, in bytes. */
  readonly maxBytes: number;
}

/** The cache of a bake. */
export function openCache(
  host: Host,
  { own, from }: Pick<CacheFolders, 'own' | 'from'>,
  onNote: (line: string) => void,
): StageCache {
  const now = () => host.now();
  return new StageCache({
    own: own === undefined ? undefined : folderStore(own, now),
    ...(own === undefined || from === undefined ? {} : { from: readOnlyStore(from) }),
    onNote,
    now,
  });
}

/** Gives the other cache what it lacks of this bake's stages, and says which. */
export async function shareBake(
  host: Host,
  { own, to }: Pick<CacheFolders, 'own' | 'to'>,
  stages: BakeStages,
): Promise<string[]> {
  if (own === undefined || to === undefined) return [];
  const now = () => host.now();
  const target = folderStore(to, now);
  await mkdir(to, { recursive: true });
  const way = `${to}/on-the-way-${process.pid}`;
  return shareStages(folderStore(own, now), target, allStages(stages), way);
}

/** Keeps the cache of a bake within its bound. */
export async function boundCache(
  host: Host,
  { own, maxBytes }: Pick<CacheFolders, 'own' | 'maxBytes'>,
): Promise<void> {
  if (own === undefined) return;
  await collectGarbage({ folder: own, maxBytes, dryRun: false, now: host.now() });
}
