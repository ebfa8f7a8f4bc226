import { join } from 'node:path';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role } from '../inputs/plan/plan.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { type KeyedStage, stageTitle } from './cache/keyed-stage.ts';
import type { StageCache } from './cache/stage-cache.ts';
import type { BakeStages } from './keys/bake-stages.ts';
import { decideStages, type StageVerdicts } from './keys/decide.ts';
import { allStages } from './stages/all-stages.ts';
import type { RestoredStage } from './stages/stage-definition.ts';

/** What a bake does with each stage, and the stages it took from the cache. */
export interface RestoredStages {
  readonly verdicts: StageVerdicts;
  readonly restored: ReadonlyMap<KeyedStage, RestoredStage>;
}

/** The stages of a bake, and where they are searched. */
export interface StageSources {
  readonly stages: BakeStages;
  readonly cache: StageCache;
  /** Roles whose image in the store is already what would be built; they are skipped. */
  readonly published: ReadonlySet<Role>;
}

/** Takes the stages that a bake needs from the cache before anything runs; checks the digest of each file. */
export async function restoreStages(
  { stages, cache, published }: StageSources,
  run: RunFolder,
  progress: ProgressStage,
): Promise<RestoredStages> {
  const restored = new Map<KeyedStage, RestoredStage>();
  const verdicts = await decideStages(
    allStages,
    stages,
    async (stage, { inStaged, placement }) => {
      const { name, role } = stage;
      const title = stageTitle(stage);
      progress.note(title);
      // Files of an image go to where it is staged for the store.
      const folder =
        inStaged === true && role !== null
          ? join(run.staged, role)
          : join(run.work, 'cache', role === null ? name : `${name}-${role}`);
      const entry = await cache.take(stage, folder, placement);
      if (entry === undefined) return false;
      restored.set(stage, { folder, meta: entry.meta });
      progress.begin(title).end('done');
      return true;
    },
    published,
  );
  return { verdicts, restored };
}
