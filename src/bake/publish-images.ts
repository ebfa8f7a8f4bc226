import { filesBelow } from '../host/files-below.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { type Candidate, promote } from '../store/promote.ts';
import { versionFolder } from '../store/stored-version.ts';
import type { Signer } from '../version/signer.ts';
import { writeSums } from '../version/write-sums.ts';
import { codeDigest } from './code-digest.ts';
import { requireAsBuilt, unalteredDigests } from './publish/built-digests.ts';
import { recordChecks } from './publish/record-checks.ts';
import { signIfUnsigned, signStaged } from './publish/sign-images.ts';
import { writeProvenance } from './publish/write-provenance.ts';
import { type ProgramRecord, writeProgramRecord } from './records/program-record.ts';
import { type PublishedFiles, writeStageRecord } from './records/stage-record.ts';
import type { RunningBake } from './run-stage.ts';
import type { TestedImage } from './verify-images.ts';

/** Options for publishing images. */
export interface PublishOptions {
  readonly programs: ProgramRecord;
  /** Signs every version; without it, versions stay unsigned. */
  readonly key: Signer | undefined;
}

/** Writes the records that vouch for a staged image into its folder, and signs it. */
async function finishVersion(
  bake: RunningBake,
  { image, built, verified }: TestedImage,
  { programs, key }: PublishOptions,
): Promise<Candidate & PublishedFiles> {
  const { host, request, stages, taken, run, times } = bake;
  const { out, plan, specSha256, locked } = request;
  const { folder } = image;
  const { role } = verified;
  const { version } = image.root;
  await recordChecks(plan, { folder, version, verified }, host.now());
  const provenance = {
    ...(plan.siteLayers === undefined ? {} : { siteLayers: plan.siteLayers }),
    ...(plan.fetchedLayers === undefined ? {} : { fetchedLayers: plan.fetchedLayers }),
    ...{ specSha256, lock: locked.lock, targets: plan.targets, stages, verdicts: taken.verdicts, programs },
    ...{ code: codeDigest(), run: run.path, begun: times.begun },
  };
  await writeProvenance(provenance, { ...image, digests: built.digests }, host.now());
  // Files written after this are not in the list of checksums.
  const { payload, digests } = await writeSums(folder, unalteredDigests(folder, built));
  requireAsBuilt(folder, digests, built);
  const names = await filesBelow(folder);
  await signStaged(folder, payload, versionFolder(out, role, version), key);
  return { role, version, staged: folder, names };
}

/** Moves the images into the store with their records, all or none, and writes the inputs of each next to it. */
export async function publishImages(
  bake: RunningBake,
  images: readonly TestedImage[],
  options: PublishOptions,
  progress: ProgressStage,
): Promise<void> {
  const { host, cache, request, stages, times } = bake;
  const { out, signal } = request;
  // The cache reads the files from where they are staged, so wait until it has them.
  await cache.settled();
  const publish = async (): Promise<void> => {
    const candidates: (Candidate & PublishedFiles)[] = [];
    for (const image of images) candidates.push(await finishVersion(bake, image, options));
    // From here on all images are published: a later interrupt finds them in the store.
    signal.throwIfAborted();
    await promote(candidates, out);
    for (const published of candidates) {
      // A version that was already in the store keeps its signatures.
      await signIfUnsigned(host, versionFolder(out, published.role, published.version), options.key);
      await writeProgramRecord(out, published, options.programs);
      await writeStageRecord(out, published, stages);
    }
  };
  await progress.stage('publish', () => times.time('publish', publish));
}
