import type { VerifiedRole } from '../boot-test/verify-cluster.ts';
import { inParallel } from '../host/in-parallel.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role } from '../inputs/roles.ts';
import type { Signer } from '../version/signer.ts';
import type { BuiltImage } from './build-images.ts';
import { type BuiltFiles, builtFiles } from './publish/built-digests.ts';
import { mustRun, runJointStage, type RunningBake } from './run-stage.ts';
import { verification } from './stages/verification.ts';

/** An image, the digests of its files, and the results of its boot test. */
export interface TestedImage {
  readonly image: BuiltImage;
  /** The published files must match. */
  readonly built: BuiltFiles;
  readonly verified: VerifiedRole;
}

async function bootImages(
  bake: RunningBake,
  images: readonly BuiltImage[],
  seedKey: Signer | undefined,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: ProgressStage },
): Promise<ReadonlyMap<Role, VerifiedRole>> {
  const { request, templates } = bake;
  const { out, watch } = request;
  const [first] = images.filter(({ role }) => mustRun(bake, verification, role.role));
  const master = images.find(({ role }) => role.role === 'master')?.folder;
  const places = images.map(({ role: { role } }) => ({ role, signal, progress }));
  return runJointStage(bake, verification, places, async (role) => {
    const image = images.find((one) => one.role.role === role);
    if (image === undefined || first === undefined) throw new Error(`there is no image of the ${role}`);
    const accelerator = await bake.accelerator.with(first.root.kernel);
    return {
      role,
      folder: image.folder,
      test: { templates, accelerator, master, out, seedKey, hold: watch?.hold },
    };
  });
}

/**
 * Boots the images that were not yet boot-tested as a cluster; the results of the others come from the cache. Meanwhile
 * the files are hashed that will be published.
 */
export async function verifyImages(
  bake: RunningBake,
  images: readonly BuiltImage[],
  seedKey: Signer | undefined,
  progress: ProgressStage,
): Promise<TestedImage[]> {
  const { cache, host, request } = bake;
  const answers = new Map<Role, VerifiedRole>();
  const digests = new Map<Role, BuiltFiles>();
  const patient = images.some(({ role }) => mustRun(bake, verification, role.role));
  await inParallel(request.signal, [
    async (signal) => {
      const all = await bootImages(bake, images, seedKey, { signal, progress });
      for (const [role, verified] of all) answers.set(role, verified);
    },
    async (signal) => {
      // A link from the cache to a file changes its stat data.
      await cache.settled();
      for (const { role, folder, root } of images)
        digests.set(role.role, await builtFiles({ host, signal, patient }, folder, root));
    },
  ]);
  return images.map((image) => {
    const { role } = image.role;
    const [verified, built] = [answers.get(role), digests.get(role)];
    if (verified === undefined || built === undefined) throw new Error(`${role} was not verified`);
    return { image, built, verified };
  });
}
