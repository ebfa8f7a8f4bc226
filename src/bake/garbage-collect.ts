import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { type DevVersion, devVersions, removeDevVersion } from '../store/dev-versions.ts';
import { type OldVersion, oldVersions, removeVersion, type SparedVersions } from '../store/old-versions.ts';
import { cleanUpRuns } from '../store/run-folder.ts';
import { findRuns } from '../store/runs.ts';
import { collectGarbage, type Garbage } from './cache/collect-garbage.ts';
import { requireCache } from './cache/own-cache.ts';
import { stageNames } from './stages/all-stages.ts';

export interface GarbageCollectRequest {
  /** Absolute folder of the cache, and its size limit in bytes. */
  readonly cache: string;
  readonly maxBytes: number;
  /** How many versions of each role to keep in the store; undefined does not touch the store. */
  readonly keepVersions: number | undefined;
  /** What else stays in the store. */
  readonly spared?: SparedVersions;
  /** Remove the development versions as well. */
  readonly dev?: boolean;
  /** Absolute path of the store. */
  readonly out: string;
  /** Only report what would be removed. */
  readonly dryRun: boolean;
}

/** What was removed, or would be. */
export interface GarbageCollected {
  readonly cache: Garbage;
  readonly versions: readonly Pick<OldVersion, 'role' | 'folder' | 'bytes'>[];
  /** What was not removed from the store, and why, one line each. */
  readonly left: readonly string[];
}

/** The development versions to remove, and what is left of others; the latter always go. */
async function removableDev({ out, dev = false }: GarbageCollectRequest): Promise<DevVersion[]> {
  return (await devVersions(out)).filter(({ rest }) => dev || rest);
}

/**
 * Brings the cache within its size limit. If `keepVersions` is set, also removes old versions and leftovers of killed
 * runs from the store.
 * @throws IngotError unusable-folder for a folder that is not a cache
 */
export async function garbageCollect(host: Host, request: GarbageCollectRequest): Promise<GarbageCollected> {
  const { cache: folder, maxBytes, keepVersions, spared, out, dryRun } = request;
  await requireCache(folder);
  const cache = await collectGarbage({ folder, stages: stageNames, maxBytes, dryRun, now: host.now() });
  const dev = await removableDev(request);
  for (const version of dryRun ? [] : dev) await removeDevVersion(version, out);
  if (keepVersions === undefined) return { cache, versions: dev, left: [] };
  const { old, left } = await oldVersions(out, keepVersions, spared);
  const versions = [...dev, ...old];
  const runs = join(out, 'runs');
  if (dryRun) {
    const ofRuns = existsSync(runs) ? (await findRuns(runs)).left : [];
    return { cache, versions, left: [...left, ...ofRuns] };
  }
  for (const version of old) await removeVersion(version);
  const ofRuns = existsSync(runs) ? await cleanUpRuns(host, out) : [];
  return { cache, versions, left: [...left, ...ofRuns] };
}
