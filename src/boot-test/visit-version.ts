import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { requirePrograms } from '../host/required-programs.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { roles } from '../inputs/roles.ts';
import type { SshTarget } from '../vm/ssh.ts';
import { readRecord } from './boot-versions.ts';
import { bakeFirmware } from './firmware.ts';
import { latestMaster } from './verify-disks.ts';
import { type BootTestRequest, bootTestVersions } from './verify-store.ts';

export interface VisitRequest extends Pick<
  BootTestRequest,
  'out' | 'accelerator' | 'seedKey' | 'signal' | 'alone'
> {
  readonly role: Role;
  /** Absolute folder of the version. */
  readonly folder: string;
}

/**
 * Boots a version as its bake booted it, without checks, and lets somebody visit the node; then it is powered off. The
 * disk of the version is not written. A slave boots together with the latest master of the store,
 * unless it is to boot by itself.
 * @param visit takes how to log in; the node runs until it returns
 * @throws IngotError not-a-version or damaged-version for a folder that is not a version of this role; no-image for a
 *   slave without a master
 */
export async function visitVersion(
  host: Host,
  { role, folder, ...request }: VisitRequest,
  progress: ProgressStage,
  visit: (target: SshTarget) => Promise<void>,
): Promise<void> {
  const { record } = await readRecord(folder);
  if (record.role !== role)
    throw new IngotError({
      code: 'no-image',
      message: `${folder} is a ${record.role}, and was named as a ${role}`,
    });
  requirePrograms();
  if (request.alone !== true && roles[role].bootTest.needs !== undefined) await latestMaster(request.out);
  const { cluster, guest, firmware } = record;
  const versions = [{ role, folder }];
  await bootTestVersions(
    host,
    {
      ...request,
      plan: { cluster, guest, roles: [{ role, checks: [] }] },
      versions,
      firmware: { ...bakeFirmware, [role]: firmware },
      visit: (of, target) => (of === role ? visit(target) : Promise.resolve()),
    },
    progress,
  );
}
