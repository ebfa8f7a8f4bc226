import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { requireSpace } from '../host/free-space.ts';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { requireComposableMount } from '../host/mount-options.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { projectFolder } from '../host/project-folder.ts';
import { requireRoot } from '../host/require-root.ts';
import { requirePrograms } from '../host/required-programs.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import { renderAll } from '../render/render-all.ts';
import type { Templates } from '../render/templates.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { type AcceleratorProof, chosenAccelerator, proveAccelerator } from '../vm/accelerator.ts';
import type { BakeStages } from './cache/bake-stages.ts';
import type { StageCache } from './cache/stage-cache.ts';
import { requireComposablePath } from './compose/composable-path.ts';
import { type MakeRequest, type Making, rolesOf, runs } from './making.ts';
import { restoreStages } from './restore-stages.ts';
import type { StageTimes } from './stage-times.ts';
import { bakeGuests, type Prove } from './stages/bake-guests.ts';
import { composeRoles } from './stages/compose-roles.ts';
import { type MadeImage, sealRoles } from './stages/seal-roles.ts';

/** What a bake of one role and of what they share takes at its peak: trees, build disk, Packer's copy, root, raw disk. */
const sharedBytes = 1 * 1024 ** 3;
const roleBytes = 4 * 1024 ** 3;

/** What was made of a plan. */
export interface Made {
  readonly making: Making;
  readonly images: readonly MadeImage[];
  readonly prove: Prove;
}

/** From what and where images are made. */
export interface Workshop {
  readonly run: RunFolder;
  readonly times: StageTimes;
  readonly cache: StageCache;
  readonly stages: BakeStages;
  /** Roles whose image in the store is what would be made: they are left alone. */
  readonly published: ReadonlySet<Role>;
}

/**
 * Looks whether this host and the store's file system have what making takes, before minutes are spent.
 * @throws IngotError that says what is missing
 */
export async function requireForMaking(
  request: Pick<MakeRequest, 'roles' | 'out' | 'accelerator'>,
): Promise<void> {
  requireRoot('baking');
  requirePrograms();
  requireComposablePath(request.out);
  chosenAccelerator(request.accelerator); // a wrong value is told now, not after minutes
  await mkdir(request.out, { recursive: true }).catch((cause: unknown) => {
    throw new IngotError({
      code: 'wrong-input',
      message: `${request.out} cannot be the output store: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'name a folder with --out FOLDER',
      cause,
    });
  });
  await requireComposableMount(request.out);
  await requireSpace(request.out, sharedBytes + roleBytes * request.roles.length);
}

/**
 * Makes the images of a plan in the run's folders: composes, bakes, seals, assembles what the cache does not have. Nothing is booted as a
 * node and nothing published.
 * @returns each image with its files in `run.staged/<role>`
 */
export async function makeImages(
  host: Host,
  request: MakeRequest,
  { run, times, cache, stages, published }: Workshop,
  progress: ProgressStage,
): Promise<Made> {
  const templates = await loadTemplates(join(projectFolder, 'templates'));
  await keepRendered(request.plan, templates, run);
  const restored = cache.keeps
    ? await progress.stage('cache', (stage) => restoreStages(cache, stages, published, run, stage))
    : await restoreStages(cache, stages, published, run, progress);
  const making: Making = { host, request, templates, run, times, cache, stages, restored };

  const toSeal = rolesOf(making).some((role) => runs(making, role.stages.root));
  const composed = toSeal ? await progress.stage('compose', (stage) => composeRoles(making, stage)) : [];
  const prove = provenOnce(host, request, progress);
  const changes = await bakeGuests(making, composed, prove, progress);
  const images = await progress.stage('seal', (stage) => sealRoles(making, composed, changes, stage));
  return { making, images, prove };
}

/** Proves the accelerator with a kernel of the bake, when it is first asked, and says so. */
function provenOnce(host: Host, request: MakeRequest, progress: ProgressStage): Prove {
  let proof: Promise<AcceleratorProof> | undefined;
  const prove = async (kernel: string): Promise<AcceleratorProof> => {
    const found = await proveAccelerator(host, kernel, join(request.out, 'runs'), request.accelerator);
    progress.begin(found.reason).end('done');
    return found;
  };
  return (kernel) => (proof ??= prove(kernel));
}

/** What was generated from the spec stays with the logs, for reading. */
async function keepRendered(plan: Plan, templates: Templates, run: RunFolder): Promise<void> {
  for (const file of renderAll(plan, templates)) {
    const path = join(run.logs, 'rendered', file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
  }
  await writeFile(join(run.logs, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
}
