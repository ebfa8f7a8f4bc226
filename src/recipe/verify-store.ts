import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import { proveAccelerator } from '../host/accelerator.ts';
import type { Host } from '../host/host.ts';
import { loadTemplates } from '../host/load-templates.ts';
import { requirePrograms } from '../host/required-programs.ts';
import type { Plan, Role } from '../plan/plan.ts';
import { closeRunFolder, openRunFolder } from '../store/run-folder.ts';
import type { Firmware } from '../verify/node.ts';
import type { VerifiedRole } from '../verify/verify-cluster.ts';
import { projectFolder } from './project-folder.ts';
import type { ProgressStage } from './progress-stage.ts';
import { verifyDisks } from './verify-disks.ts';

export interface VerifyStoreRequest {
  readonly plan: Plan;
  readonly roles: readonly Role[];
  /** Absolute. */
  readonly out: string;
  readonly firmware: Readonly<Record<Role, Firmware>>;
  readonly accelerator: string | undefined;
  readonly signal: AbortSignal;
}

/** Boots the latest images of a store as a cluster and asks them what a bake asks. Throws an IngotError if there is none, or if one fails. */
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
      code: 'wrong-input',
      message: `there is no ${role} image in ${request.out}`,
      hint: 'bake one, or name another store with --out FOLDER',
    });
  }
  await mkdir(request.out, { recursive: true });
  const run = await openRunFolder(host, request.out);
  try {
    const kernel = join(request.out, request.roles[0] ?? 'master', 'latest', 'vmlinuz');
    const proof = await proveAccelerator(host, kernel, join(request.out, 'runs'), request.accelerator);
    progress.begin(proof.reason).end('done');
    return await progress.stage('verify', async (stage) =>
      verifyDisks(
        host,
        {
          plan: request.plan,
          templates: await loadTemplates(join(projectFolder, 'templates')),
          versions,
          out: request.out,
          accelerator: proof.accelerator,
          firmware: request.firmware,
          run,
          signal: request.signal,
        },
        stage,
      ),
    );
  } finally {
    await closeRunFolder(host, run);
  }
}
