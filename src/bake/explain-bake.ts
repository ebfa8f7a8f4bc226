import type { Role } from '../inputs/plan/plan.ts';
import { allRoles } from '../inputs/roles.ts';
import { type Inputs, type KeyedStage, stageTitle } from './cache/keyed-stage.ts';
import type { StageCache } from './cache/stage-cache.ts';
import type { BakeStages } from './keys/bake-stages.ts';
import { changedInputs } from './keys/changed-inputs.ts';
import { decideStages, type StageVerdict } from './keys/decide.ts';
import { recordedVersion } from './records/stage-record.ts';
import { allStages } from './stages/all-stages.ts';
import { upToDateImages } from './up-to-date.ts';

/** What a bake would do with a stage, and why; plain JSON. */
export interface ExplainedStage {
  readonly stage: string;
  /** null for the stage that the roles share. */
  readonly role: Role | null;
  readonly title: string;
  /** runs: it is built; cached: it is taken from the cache; idle: it is not needed. */
  readonly verdict: StageVerdict;
  /** The reasons, one line each. */
  readonly why: readonly string[];
}

/** The inputs of the stage's last run: from the store's latest image, otherwise from the cache's latest entry. */
async function inputsBefore(out: string, stage: KeyedStage, cache: StageCache): Promise<Inputs | undefined> {
  const roles: readonly Role[] = stage.role === null ? allRoles : [stage.role];
  for (const role of roles) {
    const latest = await recordedVersion(out, role);
    if (latest !== undefined) return latest.record.stages[stage.name]?.inputs;
  }
  return (await cache.latest(stage.name, stage.role))?.inputs;
}

async function whyItRuns(out: string, stage: KeyedStage, cache: StageCache): Promise<string[]> {
  const before = await inputsBefore(out, stage, cache);
  if (before === undefined) return ['neither the store nor the cache has an earlier result'];
  const changes = changedInputs(before, stage.inputs);
  if (changes.length > 0) return changes;
  return [cache.keeps ? 'its inputs are the same, and the cache does not have it' : 'no cache is used'];
}

/** Reports for every stage of a bake whether it would run, and why. Runs, copies and writes nothing. */
export async function explainBake(
  out: string,
  stages: BakeStages,
  cache: StageCache,
): Promise<ExplainedStage[]> {
  const unchanged = cache.keeps ? await upToDateImages(out, stages) : [];
  const published = new Map(unchanged.map(({ role, version }) => [role, version]));
  const verdicts = await decideStages(
    allStages,
    stages,
    async (stage) => (await cache.find(stage)) !== undefined,
    new Set(published.keys()),
  );
  const why = async (stage: KeyedStage, verdict: StageVerdict): Promise<string[]> => {
    if (verdict === 'runs') return whyItRuns(out, stage, cache);
    if (verdict === 'cached') return ['an earlier bake had the same inputs'];
    const version = stage.role === null ? undefined : published.get(stage.role);
    return [version === undefined ? 'no stage that runs needs it' : `the store has ${version}`];
  };
  return Promise.all(
    stages.all.map(async (stage) => {
      const verdict = verdicts.get(stage) ?? 'idle';
      const { name, role } = stage;
      return { stage: name, role, title: stageTitle(stage), verdict, why: await why(stage, verdict) };
    }),
  );
}

const words: Readonly<Record<StageVerdict, string>> = {
  runs: 'runs',
  cached: 'from the cache',
  idle: 'not needed',
};

/** Formats the explanation as text: one line per stage, and below a stage that runs one line per reason. */
export function explainedText(stages: readonly ExplainedStage[]): string {
  const width = Math.max(...stages.map(({ title }) => title.length));
  return stages
    .map(({ title, verdict, why }) => {
      const line = `${title.padEnd(width)}  ${words[verdict]}`;
      if (verdict !== 'runs') return `${line}: ${why.join(', ')}\n`;
      return [`${line}\n`, ...why.map((one) => `${' '.repeat(width + 2)}  ${one}\n`)].join('');
    })
    .join('');
}
