import type { KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireProofKey } from '../boot-test/proof-key.ts';
import type { VerifiedRole } from '../boot-test/verify-cluster.ts';
import { latestMaster } from '../boot-test/verify-disks.ts';
import { filesBelow } from '../host/files-below.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import { latestLink, requireLatestLink } from '../store/latest-version.ts';
import { type Candidate, promote } from '../store/promote.ts';
import { closeRunFolder, openRunFolder, type RunFolder } from '../store/run-folder.ts';
import { versionFolder } from '../store/stored-version.ts';
import { keyId } from '../version/keys.ts';
import { bomName } from '../version/sbom/bom.ts';
import { type Weight, weightsOfBom } from '../version/sbom/weight.ts';
import { writeSums } from '../version/write-sums.ts';
import type { BakeStages } from './cache/bake-stages.ts';
import { allStages } from './cache/bake-stages.ts';
import { stageTitle } from './cache/stage.ts';
import type { StageCache } from './cache/stage-cache.ts';
import { requireAsMade } from './made-digests.ts';
import { makeImages, requireForMaking } from './make-images.ts';
import { type MakeRequest, type Making, rolesOf } from './making.ts';
import { type UnchangedImage, unchangedImages } from './nothing-to-do.ts';
import {
  differentPrograms,
  keepRecord,
  latestRecord,
  type ProgramRecord,
  programsHere,
} from './program-record.ts';
import { keepStageRecord } from './stage-record.ts';
import { StageTimes } from './stage-times.ts';
import { proveImages, type ProvenImage } from './stages/prove-images.ts';
import { recordChecks } from './stages/record-checks.ts';
import type { MadeImage } from './stages/seal-roles.ts';
import { signIfNot, signStaged } from './stages/sign-images.ts';
import { writeProvenance } from './stages/write-provenance.ts';

/** One image that lies in the store. */
export interface PublishedImage {
  readonly role: Role;
  readonly version: string;
  readonly rootHash: string;
  readonly folder: string;
  readonly rootBytes: number;
  /** Bytes of each disk file: "disk.qcow2". */
  readonly diskBytes: Readonly<Record<string, number>>;
  readonly standIns: readonly string[];
  /** What packages bring into the root, before compression; the heaviest first. */
  readonly weight: readonly Weight[];
  /** How its Mesos is laid out, and the scheduler of its cluster. */
  readonly payload: Pick<Plan, 'layout' | 'scheduler'>;
  readonly verified: VerifiedRole;
}

export interface BakeResult {
  readonly images: readonly PublishedImage[];
  /** Roles that were left alone: their image in the store is what would have been made. */
  readonly unchanged: readonly UnchangedImage[];
  /** What was taken from the cache: "packages master". */
  readonly fromCache: readonly string[];
  /** What the programs of this bake have otherwise than those of the last images, a line each. */
  readonly otherPrograms: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
  /** Id of the key that the images were signed with. */
  readonly signedBy: string | undefined;
  /** Why guests ran as they did; nothing when none had to. */
  readonly accelerator: string;
  readonly logs: string;
}

/** What a bake is handed beside its request. */
export interface BakeCache {
  readonly cache: StageCache;
  readonly stages: BakeStages;
  /** What every version is signed with; without one they stay without a signature. */
  readonly signingKey: KeyObject | undefined;
  /** What the seed of the proof is signed with. */
  readonly seedKey: KeyObject | undefined;
}

/**
 * Looks whether this host can do a bake, before anything starts.
 * @throws IngotError wrong-input, missing-program or no-space
 */
export async function requireForBake(
  request: Pick<MakeRequest, 'roles' | 'out' | 'accelerator'> & Pick<BakeCache, 'seedKey'>,
  plan: Plan,
): Promise<void> {
  for (const role of plan.roles) requireProofKey(role.files, request.seedKey);
  if (!request.roles.includes('master')) await latestMaster(request.out);
  for (const role of request.roles) await requireLatestLink(request.out, role);
  await requireForMaking(request);
}

/**
 * Bakes the images of a plan; the recipe from composing to publishing. Publishes all of them or none; what the cache has is not made again.
 * The host is one that requireForBake has looked at.
 */
export async function bakeImages(
  host: Host,
  request: MakeRequest,
  given: BakeCache,
  progress: ProgressStage,
): Promise<BakeResult> {
  const say = (line: string): void => {
    progress.begin(line).end('done');
  };
  const run = await openRunFolder(host, request.out, say);
  for (const role of request.roles) {
    const { problem } = await latestLink(request.out, role);
    if (problem !== undefined) say(problem);
  }
  try {
    return await bakeInFolder(host, request, given, progress, run);
  } finally {
    // What was made so far is worth keeping when a later stage fails.
    await given.cache.settled();
    await closeRunFolder(host, run);
  }
}

async function bakeInFolder(
  host: Host,
  request: MakeRequest,
  { cache, stages, signingKey, seedKey }: BakeCache,
  progress: ProgressStage,
  run: RunFolder,
): Promise<BakeResult> {
  const { out } = request;
  const times = new StageTimes(host);
  const programs = await programsHere();
  await writeFile(join(run.logs, 'programs.json'), `${JSON.stringify(programs, null, 2)}\n`);
  const otherPrograms = await programsSince(request, programs);
  const unchanged = cache.keeps ? await unchangedImages(out, stages) : [];
  for (const { folder } of unchanged) await signIfNot(host, folder, signingKey);
  const published = new Set(unchanged.map(({ role }) => role));

  const made = await makeImages(host, request, { run, times, cache, stages, published }, progress);
  const { images, accelerator } = await proveImages(made, seedKey, progress);

  // Files are read where they are staged until the cache has them.
  await cache.settled();
  await progress.stage('publish', () =>
    times.time('publish', () => publish(made.making, images, programs, signingKey)),
  );
  const result = {
    images: await Promise.all(
      images.map(({ image, verified }) => publishedImage(out, request.plan, image, verified)),
    ),
    unchanged,
    fromCache: fromCache(made.making),
    otherPrograms,
    seconds: times.seconds,
    signedBy: signingKey && keyId(signingKey),
    accelerator,
    logs: run.logs,
  };
  await writeFile(join(run.logs, 'report.json'), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

async function publishedImage(
  out: string,
  { layout, scheduler }: Plan,
  { role: { role }, standIns, root, artifacts }: MadeImage,
  verified: VerifiedRole,
): Promise<PublishedImage> {
  const { version, rootHash, squashfsSize } = root;
  return {
    role,
    version,
    rootHash,
    folder: versionFolder(out, role, version),
    rootBytes: squashfsSize,
    diskBytes: artifacts.diskBytes,
    standIns,
    weight: weightsOfBom(await readFile(join(versionFolder(out, role, version), bomName), 'utf8')),
    payload: { layout, scheduler },
    verified,
  };
}

/** Moves the images into the store with what proves them, and notes beside each from what it was made. */
async function publish(
  making: Making,
  images: readonly ProvenImage[],
  programs: ProgramRecord,
  key: KeyObject | undefined,
): Promise<void> {
  const {
    host,
    request: { out, plan, signal },
    stages,
  } = making;
  const candidates: (Candidate & { names: readonly string[] })[] = [];
  for (const { image, verified } of images) {
    const { root, folder: staged } = image;
    const { role } = verified;
    const { version } = root;
    await recordChecks(staged, plan, version, host.now(), verified);
    await writeProvenance(making, image, programs);
    // What is written after this is in no list.
    const { payload, digests } = await writeSums(staged);
    await requireAsMade(host, staged, digests, image.digests, signal);
    const names = await filesBelow(staged);
    await signStaged(staged, payload, versionFolder(out, role, version), key);
    candidates.push({ role, version, staged, names });
  }
  // From here on all are published: an interrupt that comes later finds them in the store.
  signal.throwIfAborted();
  await promote(candidates, out);
  for (const { role, version, names } of candidates) {
    // A version that was there already stays, with the signatures that it has.
    await signIfNot(host, versionFolder(out, role, version), key);
    await keepRecord(out, role, version, programs);
    await keepStageRecord(out, role, version, stages, names);
  }
}

function fromCache(making: Making): string[] {
  const roles = rolesOf(making).map(({ plan }) => plan.role);
  return allStages(making.stages)
    .filter((stage) => making.restored.verdicts.get(stage) === 'cached')
    .filter(({ role }) => role === null || roles.includes(role))
    .map(stageTitle);
}

/** With which programs this bake differs from those that made the latest images. */
async function programsSince(request: MakeRequest, programs: ProgramRecord): Promise<string[]> {
  const lines: string[] = [];
  for (const role of request.roles) {
    const before = await latestRecord(request.out, role);
    if (before !== undefined) lines.push(...differentPrograms(before, programs));
  }
  return [...new Set(lines)];
}
