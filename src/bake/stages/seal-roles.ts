import { join } from 'node:path';
import type { Artifacts } from '../../disk/artifacts.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { sideBySide } from '../../host/side-by-side.ts';
import type { Role, RolePlan } from '../../inputs/plan/plan.ts';
import type { ComposedForBake } from '../composed-for-bake.ts';
import { madeDigests } from '../made-digests.ts';
import { type Making, type MakingRole, rolesOf } from '../making.ts';
import { assembleRole, restoredArtifacts } from './assemble-role.ts';
import { restoredRoot, type SealedRole, type SealInput, sealRole } from './seal-role.ts';

/** One image that is made and not published. */
export interface MadeImage extends SealedRole {
  readonly role: RolePlan;
  /** Absolute; what it holds is what will be published. */
  readonly folder: string;
  readonly artifacts: Artifacts;
  /** SHA-256 of each of its files as it was made or taken from the cache: what is published has to be the same. */
  readonly digests: ReadonlyMap<string, string>;
}

/** The golden root and the artifacts of a role, each from the cache or made. */
async function imageOf(
  making: Making,
  role: MakingRole,
  input: SealInput | undefined,
  signal: AbortSignal,
  progress: ProgressStage,
): Promise<MadeImage> {
  const sealed = restoredRoot(making, role) ?? (await sealRole(making, role, input, signal, progress));
  const artifacts =
    (await restoredArtifacts(making, role)) ?? (await assembleRole(making, role, sealed, signal, progress));
  const folder = join(making.run.staged, role.plan.role);
  const digests = await madeDigests(folder, sealed.root);
  return { ...sealed, role: role.plan, folder, artifacts, digests };
}

/** Gives the image of every role, staged for the store; what is not in the cache is sealed and assembled, all roles side by side. */
export async function sealRoles(
  making: Making,
  composed: readonly ComposedForBake[],
  changes: ReadonlyMap<Role, string>,
  progress: ProgressStage,
): Promise<MadeImage[]> {
  const { request, restored } = making;
  // The files of stages before are being taken into the cache, and sealing changes the trees.
  await making.cache.settled();
  const part = (role: MakingRole) => (either: AbortSignal) => {
    const one = composed.find(({ role: plan }) => plan === role.plan);
    const changed = changes.get(role.plan.role);
    const input =
      one === undefined || changed === undefined ? undefined : { composed: one, changes: changed };
    if (restored.of(role.stages.artifacts) !== undefined)
      return imageOf(making, role, input, either, progress);
    return progress.stage(role.plan.role, (stage) => imageOf(making, role, input, either, stage));
  };
  return sideBySide(request.signal, rolesOf(making).map(part));
}
