import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { verificationNodes } from '../src/boot-test/verify-cluster.ts';
import { IngotError } from '../src/host/ingot-error.ts';
import type { Role } from '../src/inputs/plan/plan.ts';
import { renderNodeSeed } from '../src/render/render-node-seed.ts';
import { awaitSsh } from '../src/vm/await-ssh.ts';
import { BootClock } from '../src/vm/boot-clock.ts';
import type { BootTimes } from '../src/vm/boot-stages.ts';
import { freePort } from '../src/vm/free-port.ts';
import { type Firmware, makeOverlay, type StartedNode, startNode } from '../src/vm/node.ts';
import { machineArguments, optionValue } from '../src/vm/qemu-machine.ts';
import { seedDisk } from '../src/vm/seed-disk.ts';
import { runOnNode, type SshTarget } from '../src/vm/ssh.ts';
import { makeSshKey } from '../src/vm/ssh-key.ts';
import type { Bench } from './bench.ts';

/** What a node boots: a published disk, or a kernel with a conventional root. */
export type BootSource =
  | { readonly kind: 'disk'; readonly disk: string; readonly firmware: Firmware }
  | {
      readonly kind: 'conventional';
      readonly disk: string;
      readonly kernel: string;
      readonly initrd: string;
      readonly kernelArguments: readonly string[];
    };

export interface NodeBoot {
  readonly boot: BootTimes;
  /** The state of the whole system as systemd reports it, such as "running". */
  readonly state: string;
}

const limitSeconds = 600;
// A service that keeps retrying would block --wait: after 300 s the current state is enough.
const stateCommand = 'timeout 300 systemctl is-system-running --wait || systemctl is-system-running';

async function start(bench: Bench, role: Role, from: BootSource, given: StartOptions): Promise<StartedNode> {
  const { host } = bench.workspace;
  const { mac } = verificationNodes[role];
  if (from.kind === 'disk')
    return startNode(host, {
      ...given,
      disk: await makeOverlay(host, from.disk, given.folder),
      firmware: from.firmware,
      mac,
    });
  const running = await host.start(
    'qemu-system-x86_64',
    [
      ...machineArguments(given.machine),
      ...['-machine', 'pc', '-serial', `file:${given.console}`],
      ...['-kernel', from.kernel, '-initrd', from.initrd],
      ...['-append', ['root=LABEL=root', 'rw', 'console=ttyS0,115200n8', ...from.kernelArguments].join(' ')],
      ...['-drive', `if=virtio,format=raw,snapshot=on,file=${optionValue(from.disk)}`],
      ...['-drive', `if=virtio,format=raw,readonly=on,file=${optionValue(given.seed)}`],
      ...['-netdev', `user,id=host,restrict=on,hostfwd=tcp:127.0.0.1:${given.sshPort}-:22`],
      ...['-device', 'virtio-net-pci,netdev=host,romfile='],
      ...['-netdev', `hubport,id=lan,hubid=1`, '-device', `virtio-net-pci,netdev=lan,mac=${mac},romfile=`],
      ...['-device', 'virtio-rng-pci'],
    ],
    { log: given.qemuLog, signal: given.signal },
  );
  return { ...running, way: { port: given.sshPort } };
}

interface StartOptions {
  readonly seed: string;
  readonly machine: Parameters<typeof machineArguments>[0];
  readonly folder: string;
  readonly console: string;
  readonly qemuLog: string;
  readonly sshPort: number;
  readonly signal: AbortSignal;
}

/**
 * Boots a single node until it answers ssh.
 * @param name of a folder of the workspace, created here
 * @throws IngotError node-failed when it does not answer
 */
export async function bootUntilSsh(bench: Bench, name: string, role: Role, from: BootSource): Promise<void> {
  await whileBooted(bench, { name, role, from }, () => Promise.resolve());
}

/**
 * Boots a single node until all its services are up. For `name` see bootUntilSsh.
 * @throws IngotError node-failed when it does not answer, or does not report its boot times
 */
export async function bootNode(bench: Bench, name: string, role: Role, from: BootSource): Promise<NodeBoot> {
  const { host, signal } = bench.workspace;
  return whileBooted(bench, { name, role, from }, async (ssh, clock) => {
    const state = (await runOnNode(host, ssh, stateCommand, { signal })).stdout.trim().split('\n')[0] ?? '';
    await runOnNode(host, ssh, clock.script, {
      signal,
      onLine: (line) => {
        clock.receive(line);
      },
    });
    const boot = await clock.times();
    if (boot !== undefined) return { boot, state };
    throw new IngotError({
      code: 'node-failed',
      message: `${name}: the node did not report its boot times; systemd reports "${state}"`,
    });
  });
}

async function whileBooted<T>(
  bench: Bench,
  { name, role, from }: { readonly name: string; readonly role: Role; readonly from: BootSource },
  use: (ssh: SshTarget, clock: BootClock) => Promise<T>,
): Promise<T> {
  const { workspace, plan } = bench;
  const { host, signal } = workspace;
  const folder = workspace.path(name);
  if (existsSync(folder)) throw new Error(`${folder} is in use`);
  await mkdir(folder, { recursive: true });
  const console = workspace.path('logs', `console-${name}.log`);
  const qemuLog = workspace.path('logs', `qemu-${name}.log`);
  const key = await makeSshKey(host, join(folder, 'key'));
  const place = verificationNodes[role];
  const seed = await seedDisk(
    host,
    renderNodeSeed(bench.templates, {
      cluster: plan.cluster,
      masters: [verificationNodes.master.address],
      operatorKeys: [key.publicKey],
      data: null,
      network: { macAddress: place.mac, address: `${place.address}/24`, gateway: null, nameservers: [] },
    }),
    folder,
  );
  const sshPort = await freePort();
  const machine = {
    accelerator: await bench.accelerator(),
    cpus: plan.guest.cpus,
    memoryMiB: plan.guest.memoryMiB,
  };
  const node = await start(bench, role, from, { seed, machine, folder, console, qemuLog, sshPort, signal });
  try {
    const clock = new BootClock(host, console, node);
    const ssh = { ...node.way, user: 'ops', keyFile: key.privateKeyFile };
    await awaitSsh(host, { name, node, ssh, console, qemuLog, limitSeconds, signal });
    clock.answered();
    return await use(ssh, clock);
  } finally {
    await node.end({ graceMs: 2000 });
    await key.remove();
    await rm(folder, { recursive: true, force: true });
  }
}
