import type { Share } from '../host/budget.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role, RolePlan } from '../inputs/plan/plan.ts';
import type { Templates } from '../render/templates.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { BuildRequest } from './bake-request.ts';
import type { DetectedAccelerator } from './detected-accelerator.ts';
import { stageOf } from './keys/bake-stages.ts';
import type { StageDescription } from './keys/stage-description.ts';
import type { RestoredStages, StageSources } from './restore-stages.ts';
import type { StageTimes } from './stage-times.ts';
import type { JointStageDefinition, StageDefinition, StageWorkspace } from './stages/stage-definition.ts';

/** A running bake. Only the recipe sees all of it; stages are passed what they need. */
export interface RunningBake extends StageSources {
  readonly host: Host;
  readonly request: BuildRequest;
  readonly templates: Templates;
  readonly run: RunFolder;
  readonly times: StageTimes;
  readonly accelerator: DetectedAccelerator;
  readonly taken: RestoredStages;
  /** The roles whose images are built or taken from the cache. */
  readonly roles: readonly RolePlan[];
}

/** The role a stage runs for, the signal that stops it, and where it shows its progress. */
export interface StageContext {
  /** null for what the roles share. */
  readonly role: Role | null;
  readonly signal: AbortSignal;
  readonly progress: ProgressStage;
}

type AnyStage<Given, Output> = StageDefinition<Given, Output> | JointStageDefinition<Given, Output>;

/** Whether a stage must run because the cache did not have it. */
export function mustRun(
  { stages, taken }: RunningBake,
  { name }: StageDescription,
  role: Role | null,
): boolean {
  return taken.verdicts.get(stageOf(stages, name, role)) === 'runs';
}

function workplace({ host, request, run, times }: RunningBake, place: StageContext): StageWorkspace {
  return {
    ...{ host, plan: request.plan, run, ...place },
    took: (part, seconds) => {
      times.note(part, seconds);
    },
  };
}

/** Returns the output of a stage that was taken from the cache; undefined when the stage must run. */
async function restored<Given, Output>(
  bake: RunningBake,
  stage: AnyStage<Given, Output>,
  place: StageContext,
): Promise<{ readonly output: Output } | undefined> {
  const cached = bake.taken.restored.get(stageOf(bake.stages, stage.name, place.role));
  return cached === undefined ? undefined : { output: await stage.restore(cached, workplace(bake, place)) };
}

/** What of a stage says how it is timed and shown, and what it takes of this host. */
interface Timed {
  readonly line?: string;
  readonly title: string;
  readonly share: Share;
}

/**
 * Times work and shows it, on its own line if the stage has one. If several bakes divide this host, it begins when its
 * share is free; the wait does not count.
 */
async function timed<Output>(
  bake: RunningBake,
  { line, title, share }: Timed,
  place: StageContext,
  make: (work: StageWorkspace) => Promise<Output>,
): Promise<Output> {
  const work = (progress: ProgressStage): Promise<Output> =>
    bake.times.time(title, () => make(workplace(bake, { ...place, progress })));
  const shown = () => (line === undefined ? work(place.progress) : place.progress.stage(line, work));
  const { budget } = bake.request;
  if (budget === undefined) return shown();
  const onWait = (): void => {
    place.progress.note(`${title} waits for processors or memory`);
  };
  return budget.with(share, { signal: place.signal, onWait }, shown);
}

/** What a stage takes of this host if it does not say so. */
const oneProgram: Share = { processors: 1, memoryMiB: 1024 };

/** Adds the output of a stage to the cache. */
async function keep<Given, Output>(
  bake: RunningBake,
  stage: AnyStage<Given, Output>,
  place: StageContext,
  { output, seconds }: { readonly output: Output; readonly seconds: number },
): Promise<void> {
  if (!bake.cache.keeps) return;
  const kept = (async () => ({ ...(await stage.keep(output, workplace(bake, place))), seconds }))();
  const keyed = stageOf(bake.stages, stage.name, place.role);
  const cached = bake.cache.keep(keyed, stage.keepFirst === true ? await kept : kept, stage.placement);
  // A bake that waits for this stage takes it from the cache.
  void cached.then(() => bake.request.turn?.made(keyed.key));
}

/**
 * Returns the output of a stage: from the cache, or by running, timing and showing it and then adding it to the cache.
 * @param given the input of the stage; not called when the stage is in the cache
 */
export async function runStage<Given, Output>(
  bake: RunningBake,
  stage: StageDefinition<Given, Output>,
  place: StageContext,
  given: () => Given | Promise<Given>,
): Promise<Output> {
  const cached = await restored(bake, stage, place);
  if (cached !== undefined) return cached.output;
  const from = await given();
  const title = place.role === null ? stage.title : `${stage.title} ${place.role}`;
  const share = stage.takes?.(bake.request.plan, place.role === null ? [] : [place.role]) ?? oneProgram;
  const output = await timed(bake, { ...stage, title, share }, place, (work) => stage.make(from, work));
  await keep(bake, stage, place, { output, seconds: bake.times.seconds[title] ?? 0 });
  return output;
}

/**
 * Like runStage, for a stage that runs for several roles together. Only roles that are not in the cache run.
 * @param given the input for each role; called only for roles that run
 * @returns the output of each role
 */
export async function runJointStage<Given, Output>(
  bake: RunningBake,
  stage: JointStageDefinition<Given, Output>,
  places: readonly (StageContext & { readonly role: Role })[],
  given: (role: Role) => Given | Promise<Given>,
): Promise<ReadonlyMap<Role, Output>> {
  const outputs = new Map<Role, Output>();
  const open: (typeof places)[number][] = [];
  for (const place of places) {
    const cached = await restored(bake, stage, place);
    if (cached === undefined) open.push(place);
    else outputs.set(place.role, cached.output);
  }
  const [first] = open;
  if (first === undefined) return outputs;
  const from = await Promise.all(open.map(({ role }) => given(role)));
  const together = { ...first, role: null };
  const roles = open.map(({ role }) => role);
  const share = stage.takes?.(bake.request.plan, roles) ?? oneProgram;
  const made = await timed(bake, { ...stage, share }, together, (work) => stage.makeTogether(from, work));
  for (const [index, place] of open.entries()) {
    const output = made[index];
    if (output === undefined) throw new Error(`${stage.name} gave nothing for ${place.role}`);
    outputs.set(place.role, output);
    await keep(bake, stage, place, { output, seconds: bake.times.seconds[stage.title] ?? 0 });
  }
  return outputs;
}
