import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { projectFolder } from '../host/project-folder.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import type { Plan } from '../inputs/plan/plan.ts';
import { renderAll } from '../render/render-all.ts';
import type { Templates } from '../render/templates.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { BuildRequest } from './bake-request.ts';
import type { KeyedStage } from './cache/keyed-stage.ts';
import type { StageTurn } from './cache/stage-claims.ts';
import { DetectedAccelerator } from './detected-accelerator.ts';
import { decideStages } from './keys/decide.ts';
import { restoreStages, type StageSources } from './restore-stages.ts';
import type { RunningBake } from './run-stage.ts';
import { StageTimes } from './stage-times.ts';
import { allStages } from './stages/all-stages.ts';
import { writeJson } from './write-json.ts';

/** Writes the files that are generated from the spec next to the logs, for reading. */
async function keepRendered(plan: Plan, templates: Templates, run: RunFolder): Promise<void> {
  for (const file of renderAll(plan, templates)) {
    const path = join(run.logs, 'rendered', file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
  }
  await writeJson(run.logs, 'plan.json', plan);
}

/** The keys of the stages that have to be made, as far as the cache is known now; no file is read. */
async function missingKeys({ stages, cache, published }: StageSources): Promise<string[]> {
  const found = async (stage: KeyedStage) => (await cache.find(stage)) !== undefined;
  const verdicts = await decideStages(allStages, stages, found, published);
  return [...verdicts].flatMap(([{ key }, verdict]) => (verdict === 'runs' ? [key] : []));
}

/** Waits for the stages that other bakes of this process make, and claims the others; shows the wait if there is one. */
async function claimMissing(turn: StageTurn, sources: StageSources, progress: ProgressStage): Promise<void> {
  const shown: { wait?: ReturnType<ProgressStage['begin']> } = {};
  try {
    await turn.claim(
      () => missingKeys(sources),
      () => {
        shown.wait ??= progress.begin('wait for stages that are the same in another of these bakes');
      },
    );
    shown.wait?.end('done');
  } catch (error) {
    shown.wait?.end('failed');
    throw error;
  }
}

/** Begins a bake in its run folder: decides which stages must run, and takes the others from the cache. */
export async function beginBake(
  host: Host,
  { request, run }: { readonly request: BuildRequest; readonly run: RunFolder },
  sources: StageSources,
  progress: ProgressStage,
): Promise<RunningBake> {
  const times = new StageTimes(host);
  const templates = await loadTemplates(join(projectFolder, 'templates'), request.plan.templates);
  await keepRendered(request.plan, templates, run);
  const { turn } = request;
  if (sources.cache.keeps && turn !== undefined) await claimMissing(turn, sources, progress);
  const taken = sources.cache.keeps
    ? await progress.stage('cache', (stage) => restoreStages(sources, run, stage))
    : await restoreStages(sources, run, progress);
  turn?.keepOnly([...taken.verdicts].flatMap(([{ key }, verdict]) => (verdict === 'runs' ? [key] : [])));
  const { stages, published } = sources;
  const accelerator = new DetectedAccelerator(host, request, progress);
  const roles = request.plan.roles.filter(({ role }) => stages.roles.includes(role) && !published.has(role));
  return { host, request, templates, run, times, accelerator, taken, roles, ...sources };
}
