import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { verificationNodes } from '../src/boot-test/verify-cluster.ts';
import type { Running } from '../src/host/host.ts';
import { IngotError } from '../src/host/ingot-error.ts';
import type { Role } from '../src/inputs/plan/plan.ts';
import { renderNodeSeed } from '../src/render/render-node-seed.ts';
import { awaitSsh } from '../src/vm/await-ssh.ts';
import { BootClock } from '../src/vm/boot-clock.ts';
import type { BootTimes } from '../src/vm/boot-stages.ts';
import { freePort } from '../src/vm/free-port.ts';
import { type Firmware, makeOverlay, startNode } from '../src/vm/node.ts';
import { machineArguments, optionValue } from '../src/vm/qemu-machine.ts';
import { seedDisk } from '../src/vm/seed-disk.ts';
import { runOnNode, type SshTarget } from '../src/vm/ssh.ts';
import { makeSshKey } from '../src/vm/ssh-key.ts';
import type { Bench } from './bench.ts';

/** Where a node's root comes from: a published disk, or a kernel that is given a conventional root. */
export type BootFrom =
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
  /** What systemd says of the whole, such as "running". */
  readonly state: string;
}

const limitSeconds = 600;
// A service that goes on trying holds the answer back: then the state is asked as it is.
const askState = 'timeout 300 systemctl is-system-running --wait || systemctl is-system-running';

async function start(bench: Bench, role: Role, from: BootFrom, given: StartGiven): Promise<Running> {
  const { host } = bench.workshop;
  const { mac } = verificationNodes[role];
  if (from.kind === 'disk')
    return startNode(host, {
      ...given,
      disk: await makeOverlay(host, from.disk, given.folder),
      firmware: from.firmware,
      mac,
    });
  return host.start(
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
}

interface StartGiven {
  readonly seed: string;
  readonly machine: Parameters<typeof machineArguments>[0];
  readonly folder: string;
  readonly console: string;
  readonly qemuLog: string;
  readonly sshPort: number;
  readonly signal: AbortSignal;
}

/**
 * Boots one node alone until it answers ssh.
 * @param name of a folder of the workshop
 * @throws IngotError node-failed when it does not answer
 */
export async function bootUntilSsh(bench: Bench, name: string, role: Role, from: BootFrom): Promise<void> {
  await whileBooted(bench, { name, role, from }, () => Promise.resolve());
}

/**
 * Boots one node alone until all its services are up; the same name and errors as bootUntilSsh.
 * @throws IngotError node-failed when it does not say how it booted
 */
export async function bootNode(bench: Bench, name: string, role: Role, from: BootFrom): Promise<NodeBoot> {
  const { host, signal } = bench.workshop;
  return whileBooted(bench, { name, role, from }, async (ssh, clock) => {
    const state = (await runOnNode(host, ssh, askState, { signal })).stdout.trim().split('\n')[0] ?? '';
    await runOnNode(host, ssh, clock.question, {
      signal,
      onLine: (line) => {
        clock.heard(line);
      },
    });
    const boot = await clock.times();
    if (boot !== undefined) return { boot, state };
    throw new IngotError({
      code: 'node-failed',
      message: `${name}: the node did not say how it booted; systemd says "${state}"`,
    });
  });
}

async function whileBooted<T>(
  bench: Bench,
  { name, role, from }: { readonly name: string; readonly role: Role; readonly from: BootFrom },
  use: (ssh: SshTarget, clock: BootClock) => Promise<T>,
): Promise<T> {
  const { workshop, plan } = bench;
  const { host, signal } = workshop;
  const folder = workshop.path(name);
  if (existsSync(folder)) throw new Error(`${folder} is in use`);
  await mkdir(folder, { recursive: true });
  const console = workshop.path('logs', `console-${name}.log`);
  const qemuLog = workshop.path('logs', `qemu-${name}.log`);
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
    const ssh = { port: sshPort, user: 'ops', keyFile: key.privateKeyFile };
    await awaitSsh(host, { name, node, ssh, console, qemuLog, limitSeconds, signal });
    clock.answered();
    return await use(ssh, clock);
  } finally {
    await node.end({ graceMs: 2000 });
    await key.remove();
    await rm(folder, { recursive: true, force: true });
  }
}
