import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireBootTestKey } from '../boot-test/boot-test-key.ts';
import { bakeFirmware } from '../boot-test/firmware.ts';
import type { VerifiedRole } from '../boot-test/verify-cluster.ts';
import { verifyDisks } from '../boot-test/verify-disks.ts';
import { bootableDisk, rawDiskName } from '../disk/bootable-disk.ts';
import { withLogs } from '../host/failure-notes.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Plan, Role, RolePlan } from '../inputs/plan/plan.ts';
import { devFolder, devRecordOf, placeDevVersion, requireDevFolder } from '../store/dev-versions.ts';
import { closeRunFolder, openRunFolder } from '../store/run-folder.ts';
import { type DevRecord, devRecordName } from '../version/dev-version.ts';
import { readBootRecord } from '../version/read-boot-record.ts';
import type { BakeOptions } from './bake.ts';
import type { BuildRequest } from './bake-request.ts';
import { beginBake } from './begin-bake.ts';
import { type BuiltImage, changeTrees, composeTrees, sealImages } from './build-images.ts';
import { type BakeStages, stageOf } from './keys/bake-stages.ts';
import { recordChecks } from './publish/record-checks.ts';
import { requireForBuild } from './require-for-build.ts';
import type { RunningBake } from './run-stage.ts';
import { artifacts } from './stages/artifacts.ts';

/** What a fast bake takes in addition to its request. */
type FastOptions = Pick<BakeOptions, 'cache' | 'stages' | 'seedKey'>;

/** A development version, and what its bake found out. */
export interface DevBake {
  readonly role: Role;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  /** False if the version before was already made and booted from the same inputs. */
  readonly made: boolean;
  /** The results of its boot; undefined if it was not booted now. */
  readonly verified: VerifiedRole | undefined;
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * The plan of a fast bake: the same root, no target, and for a role that boots by itself no check that needs a master. All
 * stages up to the root keep the keys that an ordinary bake has.
 */
export function fastPlan(plan: Plan, role: Role): Plan {
  const alone = (one: RolePlan): RolePlan => ({
    ...one,
    checks: one.checks.filter(({ needs }) => needs === undefined || one.role === needs),
  });
  return { ...plan, targets: [], roles: plan.roles.map((one) => (one.role === role ? alone(one) : one)) };
}

/** The names of the checks that a fast bake of a role omits. */
export function omittedChecks(plan: Plan, role: Role): string[] {
  const checks = plan.roles.find((one) => one.role === role)?.checks ?? [];
  return checks.filter(({ needs }) => needs !== undefined && needs !== role).map(({ name }) => name);
}

/**
 * Checks whether this host can do a fast bake, before anything starts.
 * @throws IngotError host-not-ready, missing-program, no-space or unusable-folder
 */
export async function requireForFastBake(
  request: Pick<BuildRequest, 'out' | 'accelerator'> & Pick<FastOptions, 'seedKey'>,
  plan: Plan,
  role: Role,
): Promise<void> {
  for (const { files } of plan.roles.filter((one) => one.role === role))
    requireBootTestKey(files, request.seedKey);
  await requireDevFolder(request.out, role);
  await requireForBuild({ ...request, roles: [role] });
}

/** A digest of everything that a development version is made and tested from. */
function keyOf({ plan }: BuildRequest, stages: BakeStages, role: Role): string {
  const checks = plan.roles.find((one) => one.role === role)?.checks;
  const tested = { checks, cluster: plan.cluster, guest: plan.guest, firmware: bakeFirmware[role] };
  return createHash('sha256')
    .update(JSON.stringify([stageOf(stages, artifacts.name, role).key, tested]))
    .digest('hex');
}

/** Boots an image once, by itself, from a raw disk that stays in its folder. */
async function bootAlone(
  bake: RunningBake,
  { folder, role: { role }, root }: BuiltImage,
  seedKey: FastOptions['seedKey'],
  progress: ProgressStage,
): Promise<VerifiedRole> {
  const { host, request, run, templates } = bake;
  const { plan, out, signal, watch } = request;
  const accelerator = await bake.accelerator.with(root.kernel);
  await bootableDisk(host, { folder, templates, work: join(folder, rawDiskName), signal });
  const hold =
    watch?.hold &&
    ((error: unknown) =>
      watch.hold?.(
        `ingot shell ${role} shows why: ${error instanceof Error ? error.message : 'it failed'}`,
      ) ?? Promise.resolve());
  const versions = [{ role, folder }];
  const [verified] = await verifyDisks(
    host,
    {
      plan,
      templates,
      versions,
      alone: true,
      out,
      accelerator,
      firmware: bakeFirmware,
      run,
      seedKey,
      signal,
      hold,
    },
    progress,
  );
  if (verified === undefined) throw new Error(`${role} was not verified`);
  return verified;
}

/**
 * Bakes one role for a look: as bakeImages, but without targets, boots it once by one firmware and by itself, and puts
 * it in place of the development version before. The store is never touched; when something fails, neither is that
 * version. The host must have passed requireForFastBake.
 * @param request its plan is that of fastPlan, its roles are one
 */
export async function fastBake(
  host: Host,
  request: BuildRequest,
  { cache, stages, seedKey }: FastOptions,
  progress: ProgressStage,
): Promise<DevBake> {
  const { out, plan, signal } = request;
  const [role = 'master'] = request.roles;
  const key = keyOf(request, stages, role);
  const before = cache.keeps ? await devRecordOf(out, role) : undefined;
  const there = devFolder(out, role);
  if (before?.key === key && (await readBootRecord(there))?.version === before.version)
    return { role, version: before.version, folder: there, made: false, verified: undefined, seconds: {} };
  const run = await openRunFolder(host, out, (line) => {
    progress.begin(line).end('done');
  });
  request.watch?.logs(run.logs);
  try {
    const bake = await beginBake(host, { request, run }, { stages, cache, published: new Set() }, progress);
    request.watch?.decided(
      [...bake.taken.verdicts].map(([{ name, role: of }, verdict]) => ({
        name,
        role: of,
        runs: verdict === 'runs',
      })),
    );
    const trees = await composeTrees(bake, progress);
    const changed = await changeTrees(bake, trees, progress);
    const [image] = await sealImages(bake, trees, changed, progress);
    if (image === undefined) throw new Error(`${role} was not built`);
    const verified = await progress.stage('verify', (stage) =>
      bake.times.time('verify', () => bootAlone(bake, image, seedKey, stage)),
    );
    // The cache reads the files from where they are staged.
    await cache.settled();
    const { version } = image.root;
    await recordChecks(plan, { folder: image.folder, version, verified }, host.now());
    const record: DevRecord = {
      ...{ schema: 1, role, version, cluster: plan.cluster, firmware: verified.firmware, key },
      baked: new Date(host.now()).toISOString(),
    };
    await writeFile(join(image.folder, devRecordName), `${JSON.stringify(record, null, 2)}\n`);
    signal.throwIfAborted();
    const folder = await progress.stage('publish', () => placeDevVersion(out, role, image.folder));
    return { role, version, folder, made: true, verified, seconds: bake.times.seconds };
  } catch (error) {
    if (!signal.aborted) await request.watch?.hold?.(`${run.work} has the trees and disks`);
    throw withLogs(error, run.logs);
  } finally {
    await cache.settled();
    await closeRunFolder(host, run);
  }
}
