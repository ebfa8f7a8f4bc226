import { join } from 'node:path';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role } from '../inputs/plan/plan.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { BakeStages } from './cache/bake-stages.ts';
import { decide, type Verdicts } from './cache/decide.ts';
import type { Entry } from './cache/entry.ts';
import { type Stage, stageTitle } from './cache/stage.ts';
import type { StageCache } from './cache/stage-cache.ts';

/** A stage that was taken from the cache. */
export interface Restored {
  /** Absolute folder in which its files are. */
  readonly folder: string;
  readonly meta: Entry['meta'];
}

export interface RestoredStages {
  readonly verdicts: Verdicts;
  /** What a stage is in the run folder, if it was taken. */
  of(stage: Stage): Restored | undefined;
}

/** Where the files of a stage are brought: those of an image to where it is staged for the store. */
function folderOf({ name, role }: Stage, run: RunFolder): string {
  if (role !== null && (name === 'root' || name === 'artifacts')) return join(run.staged, role);
  return join(run.work, 'cache', role === null ? name : `${name}-${role}`);
}

/** Takes from the cache what a bake needs of it, each file proven by its digest, before anything runs. */
export async function restoreStages(
  cache: StageCache,
  stages: BakeStages,
  published: ReadonlySet<Role>,
  run: RunFolder,
  progress: ProgressStage,
): Promise<RestoredStages> {
  const taken = new Map<Stage, Restored>();
  const take = async (stage: Stage): Promise<boolean> => {
    progress.note(stageTitle(stage));
    const folder = folderOf(stage, run);
    // A disk is what people boot and write to; it must not be the cache's own.
    const entry = await cache.take(stage, folder, stage.name === 'artifacts' ? 'copy' : 'link');
    if (entry === undefined) return false;
    taken.set(stage, { folder, meta: entry.meta });
    progress.begin(stageTitle(stage)).end('done');
    return true;
  };
  return { verdicts: await decide(stages, take, published), of: (stage) => taken.get(stage) };
}
