import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import type { Accelerator } from '../host/accelerator.ts';
import type { Host } from '../host/host.ts';
import { makeSshKey } from '../host/ssh-key.ts';
import { makeTemporaryFolder } from '../host/temporary-folder.ts';
import type { Plan, Role } from '../plan/plan.ts';
import { renderNodeSeed } from '../render/render-node-seed.ts';
import type { Templates } from '../render/templates.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Firmware } from '../verify/node.ts';
import type { SeedFile } from '../verify/seed-disk.ts';
import {
  verificationNodes,
  verifyCluster,
  type NodePlace,
  type VerifiedRole,
  type VerifyRole,
} from '../verify/verify-cluster.ts';
import { NodeParts } from './node-parts.ts';
import type { ProgressStage } from './progress-stage.ts';

export interface VerifyRequest {
  readonly plan: Plan;
  readonly templates: Templates;
  /** The disks to prove. */
  readonly disks: readonly { readonly role: Role; readonly disk: string }[];
  /** The master's disk that a slave is proven against when only the slave is to be proven; default the latest of the store. */
  readonly master?: string | undefined;
  /** Absolute path of the store. */
  readonly out: string;
  readonly accelerator: Accelerator;
  readonly firmware: Readonly<Record<Role, Firmware>>;
  readonly run: RunFolder;
  readonly signal: AbortSignal;
}

/** The master's disk of the store that a slave baked alone is proven against. Throws an IngotError if there is none. */
export function latestMaster(out: string): string {
  const disk = join(out, 'master', 'latest', 'disk.qcow2');
  if (existsSync(disk)) return disk;
  throw new IngotError({
    code: 'wrong-input',
    message: `a slave is proven against a master, and ${join(out, 'master')} holds none`,
    hint: 'bake both roles first: leave --role away',
  });
}

function seedOf(request: VerifyRequest, place: NodePlace, operatorKey: string): readonly SeedFile[] {
  return renderNodeSeed(request.templates, {
    cluster: request.plan.cluster,
    masters: [verificationNodes.master.address],
    operatorKeys: [operatorKey],
    network: { macAddress: place.mac, address: `${place.address}/24`, gateway: null, nameservers: [] },
  });
}

/** Boots the disks as a cluster of one master and asks them all checks of their roles. */
export async function verifyDisks(
  host: Host,
  request: VerifyRequest,
  progress: ProgressStage,
): Promise<VerifiedRole[]> {
  const { plan, disks, run } = request;
  const wanted: VerifyRole[] = disks.map(({ role, disk }) => ({
    role,
    disk,
    checks: plan.roles.find((one) => one.role === role)?.checks ?? [],
    firmware: request.firmware[role],
  }));
  if (!wanted.some(({ role }) => role === 'master')) {
    wanted.push({
      role: 'master',
      disk: request.master ?? latestMaster(request.out),
      checks: [],
      firmware: request.firmware.master,
    });
  }
  const folder = join(run.work, 'verify');
  await mkdir(folder, { recursive: true });
  // Sockets lie in it, whose paths must be short.
  const temporary = await makeTemporaryFolder(folder);
  const key = await makeSshKey(host, join(folder, 'ops-key'));
  const shown = new NodeParts(progress);
  try {
    return await verifyCluster(host, wanted, {
      machine: { accelerator: request.accelerator, cpus: plan.guest.cpus, memoryMiB: plan.guest.memoryMiB },
      workFolder: temporary.path,
      logFolder: run.logs,
      keyFile: key.privateKeyFile,
      seed: (place) => seedOf(request, place, key.publicKey),
      signal: request.signal,
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
