import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { projectFolder } from '../host/project-folder.ts';
import { requirePrograms } from '../host/required-programs.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { closeRunFolder, openRunFolder } from '../store/run-folder.ts';
import { proveAccelerator } from '../vm/accelerator.ts';
import { requireProofKeyOf } from './proof-key.ts';
import type { VerifiedRole } from './verify-cluster.ts';
import { verifyDisks, type VerifyRequest } from './verify-disks.ts';

export interface ProveRequest extends Pick<
  VerifyRequest,
  'plan' | 'versions' | 'out' | 'firmware' | 'seedKey' | 'signal'
> {
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
}

export interface VerifyStoreRequest extends Omit<ProveRequest, 'versions'> {
  readonly roles: readonly Role[];
}

/**
 * Boots the latest images of a store as a cluster and asks them what a bake asks.
 * @throws IngotError no-image if there is none
 * @throws IngotError node-failed if one fails
 */
export async function verifyStore(
  host: Host,
  request: VerifyStoreRequest,
  progress: ProgressStage,
): Promise<VerifiedRole[]> {
  requirePrograms();
  const versions = request.roles.map((role) => ({ role, folder: join(request.out, role, 'latest') }));
  for (const { role, folder } of versions) {
    if (existsSync(join(folder, 'manifest.json'))) continue;
    throw new IngotError({
      code: 'no-image',
      message: `there is no ${role} image in ${request.out}`,
      hint: 'bake one, or name another store with --out FOLDER',
    });
  }
  return proveVersions(host, { ...request, versions }, progress);
}

/**
 * Boots versions that are published as a cluster and asks them their checks; the logs lie in a run folder of the store.
 * @throws IngotError node-failed of the first node that does not answer as promised
 */
export async function proveVersions(
  host: Host,
  { accelerator, ...request }: ProveRequest,
  progress: ProgressStage,
): Promise<VerifiedRole[]> {
  const { out, versions, seedKey } = request;
  for (const { folder } of versions) await requireProofKeyOf(folder, seedKey);
  await mkdir(out, { recursive: true });
  const run = await openRunFolder(host, out);
  try {
    const kernel = join(versions[0]?.folder ?? out, 'vmlinuz');
    const proof = await proveAccelerator(host, kernel, join(out, 'runs'), accelerator);
    progress.begin(proof.reason).end('done');
    return await progress.stage('verify', async (stage) =>
      verifyDisks(
        host,
        {
          ...request,
          templates: await loadTemplates(join(projectFolder, 'templates')),
          accelerator: proof.accelerator,
          run,
        },
        stage,
      ),
    );
  } finally {
    await closeRunFolder(host, run);
  }
}
