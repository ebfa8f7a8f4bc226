import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assembleDisk, type AssembledDisk } from '../assemble/disk.ts';
import { runPacker } from '../bake/packer.ts';
import type { BakeEvent } from '../bake/events.ts';
import { buildDisk } from '../compose/build-disk.ts';
import { composeRole, type ComposedRole } from '../compose/compose-role.ts';
import { composeShared } from '../compose/compose-shared.ts';
import type { LockAndPool } from '../compose/locked-input.ts';
import { IngotError } from '../errors/ingot-error.ts';
import { chosenAccelerator, proveAccelerator, type AcceleratorProof } from '../host/accelerator.ts';
import { requireSpace } from '../host/free-space.ts';
import type { Host } from '../host/host.ts';
import { loadTemplates } from '../host/load-templates.ts';
import { requirePrograms } from '../host/required-programs.ts';
import { sideBySide } from '../host/side-by-side.ts';
import { requireRoot } from '../host/require-root.ts';
import { makeSshKey } from '../host/ssh-key.ts';
import { diskIdentifiers } from '../plan/disk-identifiers.ts';
import type { Plan, Role, RolePlan } from '../plan/plan.ts';
import { toolVersion } from '../plan/tool-version.ts';
import { renderAll } from '../render/render-all.ts';
import { renderGrub } from '../render/render-grub.ts';
import { renderNodeFiles } from '../render/render-node-files.ts';
import type { Templates } from '../render/templates.ts';
import { seal, type GoldenRoot } from '../seal/seal.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { ComposedForBake } from './composed-for-bake.ts';
import { preparePacker } from './prepare-packer.ts';
import { projectFolder } from './project-folder.ts';
import type { ProgressStage } from './progress-stage.ts';
import type { StageTimes } from './stage-times.ts';

export interface MakeRequest {
  readonly plan: Plan;
  /** What every package is taken from; the lock answers the plan and the pool is complete. */
  readonly locked: LockAndPool;
  /** Only these roles of the plan. */
  readonly roles: readonly Role[];
  /** Absolute path of the output store. */
  readonly out: string;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
  readonly signal: AbortSignal;
  /** Shows the events of Packer below a stage. */
  readonly showBake: (stage: ProgressStage) => (event: BakeEvent) => void;
}

/** What a bake of one role and of what they share takes at its peak: trees, build disk, Packer's copy, root, raw disk. */
const sharedBytes = 1 * 1024 ** 3;
const roleBytes = 4 * 1024 ** 3;

/** One image that is made and not published. */
export interface MadeImage {
  readonly role: RolePlan;
  readonly composed: ComposedRole;
  readonly root: GoldenRoot;
  readonly disk: AssembledDisk;
}

/** What was made of a plan. */
export interface Made {
  readonly images: readonly MadeImage[];
  readonly templates: Templates;
  readonly proof: AcceleratorProof;
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
  chosenAccelerator(request.accelerator); // a wrong value is told now, not after minutes
  await mkdir(request.out, { recursive: true }).catch((cause: unknown) => {
    throw new IngotError({
      code: 'wrong-input',
      message: `${request.out} cannot be the output store: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'name a folder with --out FOLDER',
      cause,
    });
  });
  await requireSpace(request.out, sharedBytes + roleBytes * request.roles.length);
}

/**
 * Makes the images of a plan in the run's folders: composes, bakes, seals, assembles. Nothing is booted as a node and nothing published.
 * @returns each image with its files in `run.staged/<role>`
 */
export async function makeImages(
  host: Host,
  request: MakeRequest,
  progress: ProgressStage,
  run: RunFolder,
  times: StageTimes,
): Promise<Made> {
  const { plan, signal } = request;
  const roles = plan.roles.filter(({ role }) => request.roles.includes(role));
  const templates = await loadTemplates(join(projectFolder, 'templates'));
  await keepRendered(plan, templates, run);

  const composed = await progress.stage('compose', (stage) =>
    composeAll(host, request, roles, templates, run, stage, times),
  );

  const first = composed[0]?.composed.kernel ?? '';
  const proof = await proveAccelerator(host, first, join(request.out, 'runs'), request.accelerator);
  progress.begin(proof.reason).end('done');

  await progress.stage('bake', async (stage) => {
    const key = await makeSshKey(host, join(run.work, 'bake-key'));
    try {
      const packer = await preparePacker({
        plan,
        roles: composed,
        templates,
        run,
        key,
        accelerator: proof.accelerator,
      });
      const privateKey = await readFile(key.privateKeyFile, 'utf8');
      await times.time('bake', () =>
        runPacker(
          host,
          {
            hclFile: packer.hclFile,
            runFolder: run.logs,
            expectedBuilds: packer.builds,
            secrets: [privateKey],
            signal,
          },
          request.showBake(stage),
        ),
      );
    } finally {
      await key.remove();
    }
  });

  const images = await progress.stage('seal', (stage) =>
    sideBySide(
      signal,
      composed.map(
        (one) => (either) =>
          stage.stage(one.role.role, (inner) =>
            sealRole(host, { ...request, signal: either }, one, templates, run, inner, times),
          ),
      ),
    ),
  );
  return { images, templates, proof };
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

const releasePath = '/usr/lib/ingot/release.json';

async function composeAll(
  host: Host,
  request: MakeRequest,
  roles: readonly RolePlan[],
  templates: Templates,
  run: RunFolder,
  progress: ProgressStage,
  times: StageTimes,
): Promise<ComposedForBake[]> {
  const { plan, signal } = request;
  const options = { workFolder: run.work, logFolder: run.logs, signal };
  const shared = await progress.stage('shared', (stage) =>
    times.time('compose shared', () =>
      composeShared(host, plan, request.locked, { ...options, onLine: stage.note }),
    ),
  );
  const generated = (role: Role, standIns: readonly string[]) =>
    renderNodeFiles(templates, plan, role, { tool: toolVersion, standIns });
  const release = (role: Role) => (standIns: readonly string[]) =>
    generated(role, standIns).find(({ path }) => path === releasePath)?.content ?? '';
  const composeOne = async (
    role: RolePlan,
    either: AbortSignal,
    stage: ProgressStage,
  ): Promise<ComposedForBake> => {
    const own = { ...role, files: [...generated(role.role, []), ...role.files] };
    const watched = { ...options, signal: either, onLine: stage.note };
    const composed = await composeRole(host, plan, own, request.locked, shared, release(role.role), watched);
    return {
      role,
      composed,
      disk: await buildDisk(host, composed.tree, role.role, join(run.work, role.role), watched),
    };
  };
  return sideBySide(
    signal,
    roles.map(
      (role) => (either) =>
        progress.stage(role.role, (stage) =>
          times.time(`compose ${role.role}`, () => composeOne(role, either, stage)),
        ),
    ),
  );
}

async function sealRole(
  host: Host,
  request: MakeRequest,
  one: ComposedForBake,
  templates: Templates,
  run: RunFolder,
  progress: ProgressStage,
  times: StageTimes,
): Promise<MadeImage> {
  const { plan, signal } = request;
  const { role } = one.role;
  const outFolder = join(run.staged, role);
  const root = await times.time(`seal ${role}`, () =>
    seal(
      host,
      {
        role,
        tree: one.composed.tree,
        changesDisk: join(run.work, role, 'packer', 'disk-1'),
        epoch: plan.epoch,
        outFolder,
        residueFile: join(projectFolder, 'images', 'residue.yaml'),
        signal,
      },
      progress.note,
    ),
  );
  const grubConfig = renderGrub(templates, {
    title: `ingot-${role}-${root.version}`,
    version: root.version,
    espId: diskIdentifiers(root.manifestSha256).fatUuid,
    rootHash: root.rootHash,
    kernelArguments: one.role.kernelArguments,
  });
  const disk = await times.time(`assemble ${role}`, () =>
    assembleDisk(
      host,
      {
        squashfs: root.squashfs,
        hashTree: root.hashTree,
        kernel: root.kernel,
        initrd: root.initrd,
        manifestSha256: root.manifestSha256,
        grubConfig,
        epoch: plan.epoch,
        outFile: join(outFolder, 'disk.qcow2'),
        signal,
      },
      progress.note,
    ),
  );
  return { role: one.role, composed: one.composed, root, disk };
}
