import { epochOf } from '../inputs/lock/lock.ts';
import { stalenessOf } from '../inputs/lock-staleness.ts';
import type { Role } from '../inputs/plan/plan.ts';
import type { ReadPlan } from '../inputs/read-plan.ts';
import { bakeStagesOf } from './bake-stages-of.ts';
import type { BakeStages } from './keys/bake-stages.ts';
import { type UpToDateImage, upToDateImages } from './up-to-date.ts';

export interface UpToDateRequest {
  readonly read: ReadPlan;
  /** The path as the user gave it. */
  readonly specFile: string;
  readonly roles: readonly Role[];
  /** Absolute path of the store. */
  readonly out: string;
}

/**
 * Checks whether a bake is up to date: its lock matches, and the latest image of each role was built and tested from
 * the same inputs.
 * @returns the images and the stages, or undefined if there is something to do
 */
export async function upToDateBake({
  read,
  specFile,
  roles,
  out,
}: UpToDateRequest): Promise<{ images: readonly UpToDateImage[]; stages: BakeStages } | undefined> {
  const { lock } = read;
  if (lock === undefined) return undefined;
  const plan = { ...read.plan, epoch: epochOf(lock) };
  const [reasons, stages] = await Promise.all([
    stalenessOf(lock, plan, specFile),
    bakeStagesOf({ plan, lock, roles, out }),
  ]);
  if (reasons.length > 0) return undefined;
  const images = await upToDateImages(out, stages);
  return images.length === roles.length ? { images, stages } : undefined;
}
