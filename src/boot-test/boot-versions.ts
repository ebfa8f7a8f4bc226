import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { requirePrograms } from '../host/required-programs.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { type ChecksRecord, readChecksRecord } from '../version/checks-record.ts';
import type { Firmware } from '../vm/node.ts';
import { bakeFirmware, otherFirmware } from './firmware.ts';
import type { VerifiedRole } from './verify-cluster.ts';
import { latestMaster } from './verify-disks.ts';
import { type BootTestRequest, bootTestVersions } from './verify-store.ts';

export interface BootVersionsRequest extends Pick<
  BootTestRequest,
  'out' | 'accelerator' | 'seedKey' | 'signal'
> {
  /**
   * Absolute folders of verified versions, at most one per role. A slave without a master is booted with the latest
   * master of the store.
   */
  readonly folders: readonly string[];
  /** The firmware that boots the nodes; default: the firmware that the bake used. */
  readonly firmware: Firmware | 'other' | undefined;
}

interface Recorded {
  readonly folder: string;
  readonly record: ChecksRecord;
}

/**
 * Reads how a version was boot-tested.
 * @throws IngotError damaged-version if it does not record that
 */
export async function readRecord(folder: string): Promise<Recorded> {
  const record = await readChecksRecord(folder);
  if (record !== undefined) return { folder, record };
  throw new IngotError({
    code: 'damaged-version',
    message: `${folder}/checks.json does not record how this version was boot-tested`,
    hint: 'another version of ingot baked it: boot-test it with that one; ingot verify checks its files without booting',
  });
}

function firmwareOf(record: ChecksRecord, wanted: Firmware | 'other' | undefined): Firmware {
  if (wanted === undefined) return record.firmware;
  if (wanted !== 'other') return wanted;
  return otherFirmware(record.firmware);
}

/**
 * Boots the disks of published versions as their bakes did: with the checks, the cluster name and the machine that each
 * version's checks.json records.
 * @throws IngotError wrong-usage for two versions of one role, or a slave without a master; node-failed for a node that
 * fails its checks
 */
export async function bootVersions(
  host: Host,
  { folders, firmware: wanted, ...request }: BootVersionsRequest,
  progress: ProgressStage,
): Promise<VerifiedRole[]> {
  const all = await Promise.all(folders.map(readRecord));
  const of = (role: Role) => all.filter(({ record }) => record.role === role);
  const [first] = all;
  if (first === undefined || of('master').length > 1 || of('slave').length > 1)
    throw new IngotError({
      code: 'wrong-usage',
      message: 'a boot test takes one version of each role, as one small cluster',
      hint: 'name the folder of one master, or of one slave, or of one of each',
    });
  if (of('master').length === 0) await latestMaster(request.out);
  requirePrograms();
  const { cluster, guest } = first.record;
  const firmware = { ...bakeFirmware };
  for (const { record } of all) firmware[record.role] = firmwareOf(record, wanted);
  return bootTestVersions(
    host,
    {
      ...request,
      plan: { cluster, guest, roles: all.map(({ record }) => record) },
      versions: all.map(({ folder, record: { role } }) => ({ role, folder })),
      firmware,
    },
    progress,
  );
}
