import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { collectGarbage } from './cache/collect-garbage.ts';
import { folderStore, readOnlyStore } from './cache/folder-store.ts';
import { claimCache } from './cache/own-cache.ts';
import { shareStages } from './cache/share-stages.ts';
import { StageCache } from './cache/stage-cache.ts';
import type { BakeStages } from './keys/bake-stages.ts';
import { stageNames } from './stages/all-stages.ts';

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

/** Gives the other cache what it lacks of this bake's stages. */
async function share(
  now: () => number,
  { own, to }: { readonly own: string; readonly to: string },
  { all }: BakeStages,
  onNote: (line: string) => void,
): Promise<void> {
  await claimCache(to);
  // Machines that share a folder may have processes of one id.
  const way = await mkdtemp(join(to, 'on-the-way-'));
  const given = await shareStages(folderStore(own, now), folderStore(to, now), all, way).finally(() =>
    rm(way, { recursive: true, force: true }),
  );
  if (given.length > 0) onNote(`given to ${to}: ${given.join(', ')}`);
}

/**
 * What is done with the caches when a bake is through: the other one is given what it lacks, its own is kept within its bound.
 * The images are published by then: what goes wrong is told to `onNote` and thrown nowhere.
 */
export async function settleCaches(
  host: Host,
  { own, to, maxBytes }: CacheFolders,
  stages: BakeStages,
  onNote: (line: string) => void,
): Promise<void> {
  if (own === undefined) return;
  const told = (what: string) => (error: unknown) => {
    onNote(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };
  if (to !== undefined)
    await share(() => host.now(), { own, to }, stages, onNote).catch(told(`${to} was not given all`));
  await collectGarbage({ folder: own, stages: stageNames, maxBytes, dryRun: false, now: host.now() }).catch(
    told(`${own} was not kept within its bound`),
  );
}
