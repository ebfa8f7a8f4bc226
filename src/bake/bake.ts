import { requireBootTestKey } from '../boot-test/boot-test-key.ts';
import { latestMaster } from '../boot-test/verify-disks.ts';
import { withLogs } from '../host/failure-notes.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Plan } from '../inputs/plan/plan.ts';
import { latestLink, requireLatestLink } from '../store/latest-version.ts';
import { closeRunFolder, openRunFolder } from '../store/run-folder.ts';
import type { Signer } from '../version/signer.ts';
import type { BuildRequest } from './bake-request.ts';
import { type BakeResult, publishedImage, takenFromCache } from './bake-result.ts';
import { beginBake } from './begin-bake.ts';
import { changeTrees, composeTrees, sealImages } from './build-images.ts';
import type { StageCache } from './cache/stage-cache.ts';
import type { BakeStages } from './keys/bake-stages.ts';
import { signIfUnsigned } from './publish/sign-images.ts';
import { publishImages } from './publish-images.ts';
import { hostPrograms, programsSince } from './records/program-record.ts';
import { writeImageBake } from './records/record-bake.ts';
import { requireForBuild } from './require-for-build.ts';
import { upToDateImages } from './up-to-date.ts';
import { verifyImages } from './verify-images.ts';
import { writeJson } from './write-json.ts';

/** What a bake takes in addition to its request. */
export interface BakeOptions {
  readonly cache: StageCache;
  readonly stages: BakeStages;
  /** Signs every version; without it, versions stay unsigned. */
  readonly signingKey: Signer | undefined;
  /** Signs the seed of the boot test. */
  readonly seedKey: Signer | undefined;
}

/**
 * Checks whether this host can do a bake, before anything starts.
 * @throws IngotError host-not-ready, missing-program or no-space
 */
export async function requireForBake(
  request: Pick<BuildRequest, 'roles' | 'out' | 'accelerator' | 'prepareOnly'> & Pick<BakeOptions, 'seedKey'>,
  plan: Plan,
): Promise<void> {
  for (const role of plan.roles) requireBootTestKey(role.files, request.seedKey);
  if (!request.roles.includes('master') && request.prepareOnly !== true) await latestMaster(request.out);
  for (const role of request.roles) await requireLatestLink(request.out, role);
  await requireForBuild(request);
}

/**
 * Bakes the images of a plan and publishes all of them or none. What is already in the store or the cache is not built
 * again. The host must have passed requireForBake.
 */
export async function bakeImages(
  host: Host,
  request: BuildRequest,
  { cache, stages, signingKey: key, seedKey }: BakeOptions,
  progress: ProgressStage,
): Promise<BakeResult> {
  const { out } = request;
  const say = (line: string): void => {
    progress.begin(line).end('done');
  };
  const run = await openRunFolder(host, out, say);
  request.watch?.logs(run.logs);
  for (const role of request.roles) {
    const { problem } = await latestLink(out, role);
    if (problem !== undefined) say(problem);
  }
  try {
    const programs = await hostPrograms();
    await writeJson(run.logs, 'programs.json', programs);
    const otherPrograms = await programsSince(out, request.roles, programs);
    const unchanged = cache.keeps ? await upToDateImages(out, stages) : [];
    for (const { folder } of unchanged) await signIfUnsigned(host, folder, key);
    const published = new Set(unchanged.map(({ role }) => role));

    const bake = await beginBake(host, { request, run }, { stages, cache, published }, progress);
    request.watch?.decided(
      [...bake.taken.verdicts].map(([{ name, role }, verdict]) => ({ name, role, runs: verdict === 'runs' })),
    );
    const trees = await composeTrees(bake, progress);
    const changed = await changeTrees(bake, trees, progress);
    const made = await sealImages(bake, trees, changed, progress);
    const tested = request.prepareOnly === true ? [] : await verifyImages(bake, made, seedKey, progress);
    if (tested.length > 0) await publishImages(bake, tested, { programs, key }, progress);

    const result = {
      images: await Promise.all(tested.map((one) => publishedImage(bake, one))),
      ...{ unchanged, fromCache: takenFromCache(bake), otherPrograms, seconds: bake.times.seconds },
      ...{ signedBy: key?.keyId, accelerator: bake.accelerator.reason, logs: run.logs },
    };
    await writeJson(run.logs, 'report.json', result);
    const { times } = bake;
    const recorded = { out, run: run.path, begun: times.begun, ended: host.now(), spans: times.spans };
    for (const { role, version, verified } of result.images)
      await writeImageBake(
        { ...recorded, fromCache: result.fromCache },
        { role, version, boot: verified.boot },
      ).catch((error: unknown) => {
        // The version is published: without this record only its report lacks the times.
        say(`the times of ${role} ${version} are not recorded: ${String(error)}`);
      });
    return result;
  } catch (error) {
    if (!request.signal.aborted) await request.watch?.hold?.(`${run.work} has the trees and disks`);
    throw withLogs(error, run.logs);
  } finally {
    // What was built so far is kept even when a later stage fails.
    await cache.settled();
    request.turn?.release();
    await closeRunFolder(host, run);
  }
}
