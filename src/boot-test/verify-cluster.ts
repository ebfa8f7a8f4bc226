import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, Running } from '../host/host.ts';
import { inParallel } from '../host/in-parallel.ts';
import type { Check } from '../inputs/plan/plan.ts';
import { type Role, roles } from '../inputs/roles.ts';
import { awaitSsh } from '../vm/await-ssh.ts';
import { BootClock } from '../vm/boot-clock.ts';
import type { BootTimes } from '../vm/boot-stages.ts';
import { type GuestNetwork, openGuestNetwork } from '../vm/guest-network.ts';
import { type Firmware, makeOverlay, startNode } from '../vm/node.ts';
import type { QemuMachine } from '../vm/qemu-machine.ts';
import { seedDisk, type SeedFile } from '../vm/seed-disk.ts';
import type { SshTarget } from '../vm/ssh.ts';
import { type CheckResult, runChecks } from './run-checks.ts';

/** The place of a node in the network of the verification. */
export interface NodePlace {
  readonly name: Role;
  readonly address: string;
  readonly mac: string;
}

/** The nodes of the verification: a cluster of one master, on a network that connects only these two nodes. */
export const verificationNodes: Readonly<Record<Role, NodePlace>> = {
  master: { name: 'master', ...roles.master.bootTest },
  slave: { name: 'slave', ...roles.slave.bootTest },
};

export interface VerifyRole {
  readonly role: Role;
  /** Absolute path of a qcow2, or of a raw disk whose name ends in .raw. */
  readonly disk: string;
  /** The checks to run on the booted node; empty for a node that only serves the other node. */
  readonly checks: readonly Check[];
  readonly firmware: Firmware;
}

export interface VerifyOptions {
  readonly machine: QemuMachine;
  /** Absolute path of a folder for temporary files. It must be short, because it holds sockets. */
  readonly workFolder: string;
  /** Absolute path of the folder that keeps the consoles and QEMU's messages. */
  readonly logFolder: string;
  readonly keyFile: string;
  /** The cluster seed for the node at this place, in a cluster of the verification's one master. */
  readonly seed: (place: NodePlace) => Promise<readonly SeedFile[]>;
  readonly signal?: AbortSignal;
  /** Called when a node begins to boot, and at the start of each check. */
  readonly onPart?: (role: Role, part: string) => void;
  /** Called when a node has passed its last check. */
  readonly onDone?: (role: Role) => void;
  /** Called with the last line of a booting node's console. */
  readonly onLine?: (role: Role, line: string) => void;
  /** Called when a node has been started, with how to log in to it. */
  readonly onStarted?: ((role: Role, target: SshTarget) => Promise<void>) | undefined;
  /** Called when a node has passed its last check; the nodes run until it returns. */
  readonly visit?: ((role: Role, target: SshTarget) => Promise<void>) | undefined;
  /** Called when a node has failed; the nodes run until it returns. */
  readonly hold?: ((error: unknown) => Promise<void>) | undefined;
}

export interface VerifiedRole {
  readonly role: Role;
  readonly firmware: Firmware;
  readonly accelerator: QemuMachine['accelerator'];
  /** From power-on. */
  readonly secondsToSsh: number;
  readonly checks: readonly CheckResult[];
  /** Undefined if the node's clock could not be read. That does not fail the verification. */
  readonly boot?: BootTimes | undefined;
}

interface BootedNode {
  readonly wanted: VerifyRole;
  readonly node: Running;
  readonly clock: BootClock;
  readonly ssh: SshTarget;
  readonly console: string;
  readonly qemuLog: string;
}

/** An emulated node gets several times the time limit of real hardware. */
const patienceOf = (machine: QemuMachine): number => (machine.accelerator === 'kvm' ? 1 : 8);
const bootSeconds = 90;

const passSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

async function boot(
  host: Host,
  wanted: VerifyRole,
  options: VerifyOptions,
  lan: GuestNetwork,
): Promise<BootedNode> {
  const place = verificationNodes[wanted.role];
  const folder = join(options.workFolder, wanted.role);
  await mkdir(folder, { recursive: true });
  const console = join(options.logFolder, `console-verify-${wanted.role}.log`);
  const qemuLog = join(options.logFolder, `qemu-verify-${wanted.role}.log`);
  const seed = await seedDisk(host, await options.seed(place), folder);
  const node = await startNode(host, {
    disk: await makeOverlay(host, wanted.disk, folder),
    seed,
    firmware: wanted.firmware,
    machine: options.machine,
    folder,
    console,
    qemuLog,
    mac: place.mac,
    lan,
    ...passSignal(options.signal),
  });
  const clock = new BootClock(host, console, node);
  return {
    wanted,
    node,
    clock,
    console,
    qemuLog,
    ssh: { ...node.way, user: 'ops', keyFile: options.keyFile },
  };
}

async function verifyNode(host: Host, booted: BootedNode, options: VerifyOptions): Promise<VerifiedRole> {
  const { role, checks, firmware } = booted.wanted;
  const patience = patienceOf(options.machine);
  options.onPart?.(role, `boot by ${firmware.toUpperCase()}`);
  await awaitSsh(host, {
    name: role,
    node: booted.node,
    ssh: booted.ssh,
    console: booted.console,
    qemuLog: booted.qemuLog,
    limitSeconds: bootSeconds * patience,
    ...passSignal(options.signal),
    onLine: (line) => options.onLine?.(role, line),
  });
  const secondsToSsh = booted.clock.answered();
  const results = await runChecks(host, checks, {
    nodeName: role,
    ssh: booted.ssh,
    console: booted.console,
    patience,
    ...passSignal(options.signal),
    onCheck: (check) => options.onPart?.(role, check.name),
    last: {
      script: booted.clock.script,
      onLine: (line) => {
        booted.clock.receive(line);
      },
    },
  });
  const boot = await booted.clock.times();
  await options.visit?.(role, booted.ssh);
  options.onDone?.(role);
  const { accelerator } = options.machine;
  return { role, firmware, accelerator, secondsToSsh, checks: results, boot };
}

async function powerOff(booted: BootedNode): Promise<void> {
  await booted.node.end({ signal: 'SIGTERM', graceMs: 3000 });
}

/**
 * Boots the disks together as one small cluster and runs each node's checks. The slave finds the master through the
 * nodes' own network. The disks are not written. No node is left running, even after a failure.
 * @throws IngotError node-failed for the first node that fails a check
 */
export async function verifyCluster(
  host: Host,
  roles: readonly VerifyRole[],
  options: VerifyOptions,
): Promise<VerifiedRole[]> {
  const lan = await openGuestNetwork(join(options.workFolder, 'lan'));
  const booted: BootedNode[] = [];
  try {
    for (const role of roles) {
      const node = await boot(host, role, options, lan);
      booted.push(node);
      await options.onStarted?.(role.role, node.ssh);
    }
    return await inParallel(
      options.signal ?? new AbortController().signal,
      booted.map((node) => (signal) => verifyNode(host, node, { ...options, signal })),
    );
  } catch (error) {
    if (options.signal?.aborted !== true) await options.hold?.(error);
    throw error;
  } finally {
    await Promise.all(booted.map((node) => powerOff(node)));
    await lan.close();
  }
}
