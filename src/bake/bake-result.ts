import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifiedRole } from '../boot-test/verify-cluster.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import { versionFolder } from '../store/stored-version.ts';
import { bomName } from '../version/sbom/bom.ts';
import { type Weight, weightsOfBom } from '../version/sbom/weight.ts';
import { stageTitle } from './cache/keyed-stage.ts';
import type { RunningBake } from './run-stage.ts';
import type { UpToDateImage } from './up-to-date.ts';
import type { TestedImage } from './verify-images.ts';

/** One image that is in the store. */
export interface PublishedImage {
  readonly role: Role;
  readonly version: string;
  readonly rootHash: string;
  readonly folder: string;
  readonly rootBytes: number;
  /** Bytes of each disk file: "disk.qcow2". */
  readonly diskBytes: Readonly<Record<string, number>>;
  readonly standIns: readonly string[];
  /** Installed size that packages add to the root, before compression; largest first. */
  readonly weight: readonly Weight[];
  /** The layout of its Mesos, and the scheduler of its cluster. */
  readonly payload: Pick<Plan, 'layout' | 'scheduler'>;
  readonly verified: VerifiedRole;
}

export interface BakeResult {
  readonly images: readonly PublishedImage[];
  /** Roles that were skipped: their image in the store is already what would be built. */
  readonly unchanged: readonly UpToDateImage[];
  /** Stages taken from the cache, for example "packages master". */
  readonly fromCache: readonly string[];
  /** How the programs of this bake differ from those of the last images, one line each. */
  readonly otherPrograms: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
  /** Id of the key that signed the images. */
  readonly signedBy: string | undefined;
  /** Why the accelerator of the guests was chosen; a sentence to that effect when no guest ran. */
  readonly accelerator: string;
  readonly logs: string;
}

/** Summarises an image that was published. */
export async function publishedImage(
  { request: { out, plan } }: RunningBake,
  { image, verified }: TestedImage,
): Promise<PublishedImage> {
  const { role } = verified;
  const { standIns, artifacts, root } = image;
  const { version, rootHash, squashfsSize } = root;
  const folder = versionFolder(out, role, version);
  const { layout, scheduler } = plan;
  return {
    ...{ role, version, rootHash, folder, standIns, verified },
    rootBytes: squashfsSize,
    diskBytes: artifacts.diskBytes,
    weight: weightsOfBom(await readFile(join(folder, bomName), 'utf8')),
    payload: { layout, scheduler },
  };
}

/** The titles of the stages that a bake took from the cache. */
export function takenFromCache({ stages, taken, roles }: RunningBake): string[] {
  const names = roles.map(({ role }) => role);
  return stages.all
    .filter((stage) => taken.verdicts.get(stage) === 'cached')
    .filter(({ role }) => role === null || names.includes(role))
    .map(stageTitle);
}
