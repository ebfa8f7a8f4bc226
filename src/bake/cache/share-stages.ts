import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256File } from '../../host/sha256-file.ts';
import type { CacheStore } from './cache-store.ts';
import type { CacheEntry } from './entry.ts';
import { type KeyedStage, stageTitle } from './keyed-stage.ts';

/** Copies an entry from one store to another; false when one of its objects is missing or damaged. */
async function copyStage(
  entry: CacheEntry,
  from: CacheStore,
  to: CacheStore,
  folder: string,
): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  try {
    const files = new Map<string, string>();
    for (const file of entry.files) {
      const path = join(folder, file.name);
      await mkdir(dirname(path), { recursive: true });
      // A copy: through a link, anyone who may write to the other cache could write to ours.
      if (!(await from.fetch(file, path, 'copy')) || (await sha256File(path)) !== file.sha256) return false;
      files.set(file.name, path);
    }
    await to.put(entry, files, 'link');
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Copies the stages that another cache lacks into it.
 * @param folder absolute, must not exist; holds the files on the way
 * @returns the titles of the copied stages
 */
export async function shareStages(
  from: CacheStore,
  to: CacheStore,
  stages: readonly KeyedStage[],
  folder: string,
): Promise<string[]> {
  const given: string[] = [];
  for (const stage of stages) {
    const existing = await to.get(stage.name, stage.key);
    const intact =
      existing === undefined ? [false] : await Promise.all(existing.files.map((file) => to.has(file)));
    if (intact.every(Boolean)) continue;
    const entry = await from.get(stage.name, stage.key);
    if (entry !== undefined && (await copyStage(entry, from, to, folder))) given.push(stageTitle(stage));
  }
  return given;
}
