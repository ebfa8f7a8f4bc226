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

/** Absolute folders of the caches that a bake uses. Without `own`, a bake uses no cache. */
export interface CacheFolders {
  readonly own: string | undefined;
  /** Also searched, never written. */
  readonly from: string | undefined;
  /** At the end it receives the stages of this bake that it lacks. */
  readonly to: string | undefined;
  /** Size limit of `own`, in bytes. */
  readonly maxBytes: number;
}

/** Opens the cache of a bake. */
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

/** Copies the stages of this bake that the other cache lacks into it. */
async function share(
  now: () => number,
  { own, to }: { readonly own: string; readonly to: string },
  { all }: BakeStages,
  onNote: (line: string) => void,
): Promise<void> {
  await claimCache(to);
  // Processes on different machines that share a folder may have the same id.
  const way = await mkdtemp(join(to, 'on-the-way-'));
  const given = await shareStages(folderStore(own, now), folderStore(to, now), all, way).finally(() =>
    rm(way, { recursive: true, force: true }),
  );
  if (given.length > 0) onNote(`copied to ${to}: ${given.join(', ')}`);
}

/**
 * Finishes the caches after a bake: copies missing stages to the other cache and keeps its own within its size limit.
 * The images are already published, so errors are reported to `onNote` and never thrown.
 */
export async function finishCaches(
  host: Host,
  { own, to, maxBytes }: CacheFolders,
  stages: BakeStages,
  onNote: (line: string) => void,
): Promise<void> {
  if (own === undefined) return;
  const report = (what: string) => (error: unknown) => {
    onNote(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };
  if (to !== undefined)
    await share(() => host.now(), { own, to }, stages, onNote).catch(
      report(`not all stages were copied to ${to}`),
    );
  await collectGarbage({ folder: own, stages: stageNames, maxBytes, dryRun: false, now: host.now() }).catch(
    report(`${own} could not be kept within its size limit`),
  );
}
