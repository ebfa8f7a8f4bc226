import { allStages, type BakeStages, type RoleStages } from './bake-stages.ts';
import type { Stage } from './stage.ts';

/** cached: its files are taken from the cache; runs: it is made; idle: what comes of it is there already. */
export type Verdict = 'cached' | 'runs' | 'idle';

/** What a bake does with each of its stages. */
export type Verdicts = ReadonlyMap<Stage, Verdict>;

type Take = (stage: Stage) => Promise<boolean>;

async function decideRole(stages: RoleStages, take: Take, verdicts: Map<Stage, Verdict>): Promise<void> {
  const ask = async (stage: Stage): Promise<boolean> => {
    const there = await take(stage);
    verdicts.set(stage, there ? 'cached' : 'runs');
    return there;
  };
  await ask(stages.verification);
  if (await ask(stages.root)) {
    await ask(stages.artifacts);
    return;
  }
  verdicts.set(stages.artifacts, 'runs');
  await ask(stages.changes);
  if (!(await ask(stages.tree))) await ask(stages.packages);
}

/**
 * Decides from the last stage backwards, so that only what is needed is taken: what has no entry runs, from the deepest one that has.
 * @param take whether a stage is there; it may bring its files
 * @param published roles that lie in the store as they would be made
 */
export async function decide(
  stages: BakeStages,
  take: Take,
  published: ReadonlySet<RoleStages['role']>,
): Promise<Verdicts> {
  const verdicts = new Map<Stage, Verdict>(allStages(stages).map((stage) => [stage, 'idle']));
  for (const role of stages.roles) if (!published.has(role.role)) await decideRole(role, take, verdicts);
  if (stages.roles.some(({ packages }) => verdicts.get(packages) === 'runs'))
    verdicts.set(stages.shared, (await take(stages.shared)) ? 'cached' : 'runs');
  return verdicts;
}
