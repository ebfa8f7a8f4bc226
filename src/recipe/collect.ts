import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { collectGarbage, type Garbage } from '../cache/collect-garbage.ts';
import type { Host } from '../host/host.ts';
import { oldVersions, removeVersion, type OldVersion } from '../store/old-versions.ts';
import { cleanUpRuns } from '../store/run-folder.ts';

export interface CollectRequest {
  /** Absolute folder of the cache, and what it may take, in bytes. */
  readonly cache: string;
  readonly maxBytes: number;
  /** How many versions of each role stay in the store; undefined leaves the store alone. */
  readonly keepVersions: number | undefined;
  /** Absolute path of the store. */
  readonly out: string;
  /** Only say what would go. */
  readonly dryRun: boolean;
}

/** What went, or would go. */
export interface Collected {
  readonly cache: Garbage;
  readonly versions: readonly OldVersion[];
}

/** Brings the cache within its bound and, where that is asked, takes old versions and what killed runs left out of the store. */
export async function collect(host: Host, request: CollectRequest): Promise<Collected> {
  const { cache: folder, maxBytes, keepVersions, out, dryRun } = request;
  const cache = await collectGarbage({ folder, maxBytes, dryRun, now: host.now() });
  if (keepVersions === undefined) return { cache, versions: [] };
  const versions = await oldVersions(out, keepVersions);
  if (!dryRun) {
    for (const version of versions) await removeVersion(version);
    if (existsSync(join(out, 'runs'))) await cleanUpRuns(host, out);
  }
  return { cache, versions };
}
