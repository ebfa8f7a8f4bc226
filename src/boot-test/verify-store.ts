import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLogs } from '../host/failure-notes.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { projectFolder } from '../host/project-folder.ts';
import { requirePrograms } from '../host/required-programs.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { requireVersion } from '../store/require-version.ts';
import { closeRunFolder, openRunFolder } from '../store/run-folder.ts';
import type { StoredVersion } from '../store/stored-version.ts';
import { detectAccelerator } from '../vm/accelerator.ts';
import { hostMemory } from '../vm/accelerator-memory.ts';
import { requireBootTestKeyOf } from './boot-test-key.ts';
import type { VerifiedRole } from './verify-cluster.ts';
import { verifyDisks, type VerifyRequest } from './verify-disks.ts';

export interface BootTestRequest extends Pick<
  VerifyRequest,
  'plan' | 'versions' | 'out' | 'firmware' | 'seedKey' | 'signal' | 'visit' | 'alone'
> {
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
}

export interface VerifyStoreRequest extends Omit<BootTestRequest, 'versions'> {
  readonly roles: readonly Role[];
}

/**
 * Boots the latest images of a store as a cluster and runs the checks that a bake runs.
 * @throws IngotError no-image if the store lacks an image
 * @throws IngotError node-failed if a check fails
 */
export async function verifyStore(
  host: Host,
  request: VerifyStoreRequest,
  progress: ProgressStage,
): Promise<VerifiedRole[]> {
  requirePrograms();
  const versions: StoredVersion[] = [];
  for (const role of request.roles) versions.push(await requireVersion(request.out, role));
  return bootTestVersions(host, { ...request, versions }, progress);
}

/**
 * Boots published versions as a cluster and runs their checks. The logs are kept in a run folder of the store.
 * @throws IngotError node-failed for the first node that fails a check
 */
export async function bootTestVersions(
  host: Host,
  { accelerator, ...request }: BootTestRequest,
  progress: ProgressStage,
): Promise<VerifiedRole[]> {
  const { out, versions, seedKey } = request;
  for (const { folder } of versions) await requireBootTestKeyOf(folder, seedKey);
  await mkdir(out, { recursive: true });
  const run = await openRunFolder(host, out);
  try {
    const kernel = join(versions[0]?.folder ?? out, 'vmlinuz');
    const choice = await detectAccelerator(
      host,
      kernel,
      hostMemory(process.env, join(out, 'runs')),
      accelerator,
    );
    progress.begin(choice.reason).end('done');
    return await progress.stage('verify', async (stage) =>
      verifyDisks(
        host,
        {
          ...request,
          templates: await loadTemplates(join(projectFolder, 'templates'), request.plan.templates),
          accelerator: choice.accelerator,
          run,
        },
        stage,
      ),
    );
  } catch (error) {
    throw withLogs(error, run.logs);
  } finally {
    await closeRunFolder(host, run);
  }
}
