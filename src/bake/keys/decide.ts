import type { Role } from '../../inputs/plan/plan.ts';
import type { KeyedStage } from '../cache/keyed-stage.ts';
import { type BakeStages, stageOf } from './bake-stages.ts';
import type { StageDescription } from './stage-description.ts';

/**
 * cached: its files are taken from the cache; runs: it is built; idle: it is not needed, because the stages that use it
 * already have their output.
 */
export type StageVerdict = 'cached' | 'runs' | 'idle';

/** What a bake does with each of its stages. */
export type StageVerdicts = ReadonlyMap<KeyedStage, StageVerdict>;

/** Whether the output of a stage is available; it may also fetch its files. */
type Take = (stage: KeyedStage, description: StageDescription) => Promise<boolean>;

/**
 * Decides from the last stage backwards, so that only what is needed is taken: the parts of the images, and the inputs
 * of stages that run. A stage without a cache entry runs, starting from the latest earlier stages that have one.
 * @param descriptions all stages, each after the stages that it is built from
 * @param published roles whose image in the store is already what would be built
 */
export async function decideStages(
  descriptions: readonly StageDescription[],
  stages: BakeStages,
  take: Take,
  published: ReadonlySet<Role>,
): Promise<StageVerdicts> {
  const verdicts = new Map<KeyedStage, StageVerdict>(stages.all.map((stage) => [stage, 'idle']));
  const backwards = descriptions.toReversed();
  const wanted = new Set<StageDescription>();
  const judge = async (description: StageDescription, role: Role | null): Promise<StageVerdict> => {
    const stage = stageOf(stages, description.name, role);
    const known = verdicts.get(stage);
    if (known !== undefined && known !== 'idle') return known;
    const { addsTo } = description;
    const added = addsTo !== undefined && (await judge(addsTo, role)) === 'runs';
    const verdict = !added && (await take(stage, description)) ? 'cached' : 'runs';
    verdicts.set(stage, verdict);
    return verdict;
  };
  const judgeWanted = async (description: StageDescription, role: Role | null): Promise<void> => {
    if (!wanted.has(description) || (await judge(description, role)) !== 'runs') return;
    for (const before of description.after) wanted.add(before);
  };
  const shared = new Set<StageDescription>();
  for (const role of stages.roles.filter((one) => !published.has(one))) {
    wanted.clear();
    for (const description of descriptions) if (description.ofImage === true) wanted.add(description);
    for (const description of backwards)
      if (description.shared !== true) await judgeWanted(description, role);
    for (const description of wanted) if (description.shared === true) shared.add(description);
  }
  for (const description of shared) wanted.add(description);
  for (const description of backwards) if (description.shared === true) await judgeWanted(description, null);
  return verdicts;
}
