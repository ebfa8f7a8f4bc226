import type { VerifiedRole } from '../boot-test/verify-cluster.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Signer } from '../version/signer.ts';
import type { BuiltImage } from './build-images.ts';
import { mustRun, runJointStage, type RunningBake } from './run-stage.ts';
import { verification } from './stages/verification.ts';

/** An image, and the results of its boot test. */
export interface TestedImage {
  readonly image: BuiltImage;
  readonly verified: VerifiedRole;
}

/** Boots the images that were not yet boot-tested as a cluster. The results of the others come from the cache. */
export async function verifyImages(
  bake: RunningBake,
  images: readonly BuiltImage[],
  seedKey: Signer | undefined,
  progress: ProgressStage,
): Promise<TestedImage[]> {
  const { request, templates } = bake;
  const { signal, out, watch } = request;
  const [first] = images.filter(({ role }) => mustRun(bake, verification, role.role));
  const master = images.find(({ role }) => role.role === 'master')?.folder;
  const places = images.map(({ role: { role } }) => ({ role, signal, progress }));
  const answers = await runJointStage(bake, verification, places, async (role) => {
    const image = images.find((one) => one.role.role === role);
    if (image === undefined || first === undefined) throw new Error(`there is no image of the ${role}`);
    const accelerator = await bake.accelerator.with(first.root.kernel);
    return {
      role,
      folder: image.folder,
      test: { templates, accelerator, master, out, seedKey, hold: watch?.hold },
    };
  });
  return images.map((image) => {
    const verified = answers.get(image.role.role);
    if (verified === undefined) throw new Error(`${image.role.role} was not verified`);
    return { image, verified };
  });
}
