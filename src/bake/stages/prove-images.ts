import type { KeyObject } from 'node:crypto';
import { bakeFirmware } from '../../boot-test/firmware.ts';
import type { VerifiedRole } from '../../boot-test/verify-cluster.ts';
import { verifyDisks } from '../../boot-test/verify-disks.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import type { Made } from '../make-images.ts';
import { rolesOf, runs } from '../making.ts';
import { metaOf, valueOf } from '../stage-meta.ts';
import type { MadeImage } from './seal-roles.ts';

/** An image, and what it answered when it was booted. */
export interface ProvenImage {
  readonly image: MadeImage;
  readonly verified: VerifiedRole;
}

/** Boots the images that have not answered yet as a cluster; the answers of the others are in the cache. */
export async function proveImages(
  { making, images, prove }: Made,
  seedKey: KeyObject | undefined,
  progress: ProgressStage,
): Promise<{ images: ProvenImage[]; accelerator: string }> {
  const { host, request, templates, run, times, cache, restored } = making;
  const roles = rolesOf(making);
  const open = roles.filter(({ stages }) => runs(making, stages.verification));
  const disks = images.filter(({ role }) => open.some(({ plan }) => plan === role));
  const [first] = disks;
  const proof = first === undefined ? undefined : await prove(first.root.kernel);
  const answers =
    proof === undefined
      ? []
      : await progress.stage('verify', (stage) =>
          times.time('verify', () =>
            verifyDisks(
              host,
              {
                plan: request.plan,
                templates,
                versions: disks.map(({ role, folder }) => ({ role: role.role, folder })),
                master: images.find(({ role }) => role.role === 'master')?.folder,
                out: request.out,
                accelerator: proof.accelerator,
                firmware: bakeFirmware,
                run,
                seedKey,
                signal: request.signal,
              },
              stage,
            ),
          ),
        );
  const proven = images.map((image): ProvenImage => {
    const stage = roles.find(({ plan }) => plan === image.role)?.stages.verification;
    const there = stage === undefined ? undefined : restored.of(stage);
    if (there !== undefined) return { image, verified: valueOf(there.meta) as VerifiedRole };
    const verified = answers.find(({ role }) => role === image.role.role);
    if (stage === undefined || verified === undefined) throw new Error(`${image.role.role} was not verified`);
    cache.keep(stage, {}, { meta: metaOf(verified), seconds: times.seconds['verify'] ?? 0 });
    return { image, verified };
  });
  return { images: proven, accelerator: proof?.reason ?? 'no guest had to run' };
}
