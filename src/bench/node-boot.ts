import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../host/free-port.ts';
import type { Running } from '../host/host.ts';
import { machineArguments, optionValue } from '../host/qemu-machine.ts';
import { makeSshKey } from '../host/ssh-key.ts';
import type { Role } from '../plan/plan.ts';
import { renderNodeSeed } from '../render/render-node-seed.ts';
import { awaitSsh } from '../verify/await-ssh.ts';
import { startNode, type Firmware } from '../verify/node.ts';
import { seedDisk } from '../verify/seed-disk.ts';
import { askNode } from '../verify/ssh.ts';
import { verificationNodes } from '../verify/verify-cluster.ts';
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

/** Seconds of a boot, by stage; `total` is from the start of QEMU until the node says that all its services are up. */
export interface BootTimes {
  readonly firmware: number;
  readonly loader: number;
  readonly kernel: number;
  readonly initrd: number;
  readonly userSpace: number;
  readonly services: number;
  readonly ssh: number;
  readonly total: number;
  /** What systemd says of the whole, such as "running". */
  readonly state: string;
}

const limitSeconds = 600;
// A service that goes on trying holds the answer back: then the state is asked as it is.
const askState = 'timeout 300 systemctl is-system-running --wait || systemctl is-system-running';
/** The guest's own clock: since its kernel began, when /init ran, when systemd began. */
const askClock = [
  'cut -d" " -f1 /proc/uptime',
  'dmesg | sed -n "s/^\\[ *\\([0-9.]*\\)\\] Run .* as init process.*/\\1/p" | head -n 1',
  'systemctl show --property=UserspaceTimestampMonotonic --value',
].join('; ');

/** When a file got its first byte, by the monotonic clock; a loader's first sign of life on the serial line. */
async function firstByte(file: string, running: Running): Promise<number | undefined> {
  const over = { yes: false };
  void running.ended.then(() => {
    over.yes = true;
  });
  while (!over.yes) {
    const found = await stat(file).catch(() => undefined);
    if ((found?.size ?? 0) > 0) return performance.now();
    await wait(50);
  }
  return undefined;
}

function start(bench: Bench, role: Role, from: BootFrom, given: StartGiven): Promise<Running> | Running {
  const { host } = bench.workshop;
  const { mac } = verificationNodes[role];
  if (from.kind === 'disk')
    return startNode(host, {
      ...given,
      name: role,
      disk: from.disk,
      firmware: from.firmware,
      mac,
      lan: { socket: join(given.folder, 'lan'), serves: true },
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
 * Boots one node alone until it answers ssh and, if asked, until all its services are up.
 * @param name of a folder of the workshop, which must be short: sockets lie in it
 * @throws IngotError check-failed when it does not answer
 */
export async function bootNode(
  bench: Bench,
  name: string,
  role: Role,
  from: BootFrom,
  until: 'ssh' | 'services' = 'services',
): Promise<BootTimes> {
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
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const node = await start(bench, role, from, { seed, machine, folder, console, qemuLog, sshPort, signal });
  try {
    const loaderBegan = firstByte(console, node);
    const ssh = { port: sshPort, user: 'ops', keyFile: key.privateKeyFile };
    await awaitSsh(host, { name, node, ssh, console, qemuLog, limitSeconds, signal });
    const answered = seconds();
    if (until === 'ssh') return { ...noTimes, ssh: answered, total: answered };
    const state = (await askNode(host, ssh, askState, signal)).stdout.trim().split('\n')[0] ?? '';
    const total = seconds();
    const clock = (await askNode(host, ssh, askClock, signal)).stdout.trim().split('\n').map(Number);
    const [uptime = 0, initrdAt = 0, systemdMicroseconds = 0] = clock;
    const systemdAt = systemdMicroseconds / 1e6;
    const kernelAt = seconds() - uptime;
    const firstSign = (((await loaderBegan) ?? begun) - begun) / 1000;
    const loaderAt = from.kind === 'disk' ? Math.min(firstSign, kernelAt) : kernelAt;
    return {
      firmware: loaderAt,
      loader: kernelAt - loaderAt,
      kernel: initrdAt,
      initrd: systemdAt - initrdAt,
      userSpace: answered - kernelAt - systemdAt,
      services: total - answered,
      ssh: answered,
      total,
      state,
    };
  } finally {
    await node.end({ graceMs: 2000 });
    await key.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

const noTimes: BootTimes = {
  firmware: 0,
  loader: 0,
  kernel: 0,
  initrd: 0,
  userSpace: 0,
  services: 0,
  ssh: 0,
  total: 0,
  state: '',
};
