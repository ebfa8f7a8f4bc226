import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bootableDisk } from '../disk/bootable-disk.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { makeTemporaryFolder } from '../host/temporary-folder.ts';
import type { Check, Plan, Role, RolePlan } from '../inputs/plan/plan.ts';
import type { Templates } from '../render/templates.ts';
import { requireVersion } from '../store/require-version.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { signedSeed } from '../version/sign-seed.ts';
import type { Signer } from '../version/signer.ts';
import type { Accelerator } from '../vm/accelerator.ts';
import { writeGuestRecord } from '../vm/guest-record.ts';
import type { Firmware } from '../vm/node.ts';
import { makeSshKey } from '../vm/ssh-key.ts';
import { bootTestSeed } from './boot-test-seed.ts';
import { NodeParts } from './node-parts.ts';
import { type VerifiedRole, verifyCluster, type VerifyOptions, type VerifyRole } from './verify-cluster.ts';

/** The parts of a plan that a boot test needs. */
export interface BootTestPlan {
  readonly cluster: string;
  readonly guest: Pick<Plan['guest'], 'cpus' | 'memoryMiB'>;
  readonly roles: readonly Pick<RolePlan, 'role' | 'checks'>[];
  /** Templates of the site's layers, which replace ours; a published version does not record them. */
  readonly templates?: Plan['templates'];
}

export interface VerifyRequest {
  readonly plan: BootTestPlan;
  readonly templates: Templates;
  /** The absolute folders of the versions to test. */
  readonly versions: readonly { readonly role: Role; readonly folder: string }[];
  /**
   * Folder of the master that boots together with a slave when only the slave is tested; default: the latest of the
   * store.
   */
  readonly master?: string | undefined;
  /** Boot a slave without a master; its checks must not need one. */
  readonly alone?: boolean | undefined;
  /** Absolute path of the store. */
  readonly out: string;
  readonly accelerator: Accelerator;
  readonly firmware: Readonly<Record<Role, Firmware>>;
  readonly run: RunFolder;
  /** Signs the seed of the boot test, for images that accept only signed seeds. */
  readonly seedKey: Signer | undefined;
  readonly signal: AbortSignal;
  /** Called when a node has passed its last check; the nodes run until it returns. */
  readonly visit?: VerifyOptions['visit'];
  /** Called when a node has failed; the nodes run until it returns. */
  readonly hold?: VerifyOptions['hold'];
}

/**
 * The folder of the latest master, which a slave is boot-tested with when no master is named.
 * @param out absolute path of the store
 * @throws IngotError no-image if the store has no master
 */
export async function latestMaster(out: string): Promise<string> {
  const { folder } = await requireVersion(out, 'master', {
    because: 'a slave is boot-tested together with one',
    hint: 'bake both roles first (omit --role), or name the folder of a master as well (ingot boot-test)',
  });
  return folder;
}

/** Boots the versions, each from a disk, as a cluster of one master and runs all checks of their roles. */
export async function verifyDisks(
  host: Host,
  request: VerifyRequest,
  progress: ProgressStage,
): Promise<VerifiedRole[]> {
  const { plan, versions, run, templates, signal } = request;
  const folder = join(run.work, 'verify');
  await mkdir(folder, { recursive: true });
  const wanted: VerifyRole[] = [];
  const want = async (role: Role, version: string, checks: readonly Check[]): Promise<void> => {
    const work = join(folder, `${role}.raw`);
    const disk = await bootableDisk(host, { folder: version, templates, work, signal });
    wanted.push({ role, disk, checks, firmware: request.firmware[role] });
  };
  for (const { role, folder: version } of versions)
    await want(role, version, plan.roles.find((one) => one.role === role)?.checks ?? []);
  if (request.alone !== true && !wanted.some(({ role }) => role === 'master'))
    await want('master', request.master ?? (await latestMaster(request.out)), []);
  // It holds sockets, whose paths must be short.
  const temporary = await makeTemporaryFolder(folder);
  const key = await makeSshKey(host, join(temporary.path, 'ops-key'));
  const shown = new NodeParts(progress);
  try {
    return await verifyCluster(host, wanted, {
      machine: { accelerator: request.accelerator, cpus: plan.guest.cpus, memoryMiB: plan.guest.memoryMiB },
      workFolder: temporary.path,
      logFolder: run.logs,
      keyFile: key.privateKeyFile,
      seed: (place) =>
        signedSeed(bootTestSeed(templates, plan.cluster, place, key.publicKey), request.seedKey),
      ...{ signal: request.signal, visit: request.visit, hold: request.hold },
      onStarted: (role, { port, networkOf, user, keyFile }) =>
        writeGuestRecord(run.work, role, {
          what: 'boot test',
          target: { port, user, keyFile, ...(networkOf === undefined ? {} : { networkOf }) },
        }),
      onPart: (role, part) => {
        shown.next(role, part);
      },
      onDone: (role) => {
        shown.done(role);
      },
      onLine: (role, line) => {
        shown.note(role, line);
      },
    });
  } finally {
    shown.fail();
    await key.remove();
    await temporary.remove();
  }
}
