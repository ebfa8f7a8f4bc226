import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { limitConsole } from '../host/bounded-file.ts';
import type { Host, Running } from '../host/host.ts';
import { freePort } from './free-port.ts';
import type { GuestNetwork } from './guest-network.ts';
import { awaitOwnNetwork, privateNetwork } from './private-network.ts';
import {
  confinement,
  confinementArguments,
  machineArguments,
  machineCommand,
  optionValue,
  type QemuMachine,
  serialToFile,
} from './qemu-machine.ts';
import type { SshTarget } from './ssh.ts';

export type Firmware = 'bios' | 'uefi';

export interface NodeOptions {
  /** Absolute path of the node's own qcow2 (makeOverlay), which the node writes. */
  readonly disk: string;
  readonly seed: string;
  readonly firmware: Firmware;
  readonly machine: QemuMachine;
  /** Absolute folder for the files of this node only. */
  readonly folder: string;
  /** Absolute path of the file that the serial console is written to. */
  readonly console: string;
  /** Absolute path of the file that QEMU's own messages are appended to. */
  readonly qemuLog: string;
  /** The nodes' own network; without it the network card is connected to nothing. */
  readonly lan?: GuestNetwork;
  /** MAC address of the interface on that network; the seed refers to the interface by it. */
  readonly mac: string;
  readonly signal?: AbortSignal;
}

const ovmfCode = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const ovmfVariables = '/usr/share/OVMF/OVMF_VARS_4M.fd';

/** QEMU's arguments for the machine type and its firmware. For UEFI a new variable store is created in `folder`. */
export async function firmwareArguments(wanted: Pick<NodeOptions, 'firmware' | 'folder'>): Promise<string[]> {
  if (wanted.firmware === 'bios') return ['-machine', 'pc'];
  const variables = join(wanted.folder, 'uefi-variables.fd');
  await copyFile(ovmfVariables, variables);
  return [
    ...['-machine', 'q35'],
    ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${ovmfCode}`],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${optionValue(variables)}`],
  ];
}

const diskSize = '6G';

/**
 * Makes the disk of a node: a layer above an image, so that the image is never written.
 * @param image absolute path of a qcow2, or of a raw disk whose name ends in .raw
 * @returns absolute path of the layer, a qcow2 in the folder
 */
export async function makeOverlay(host: Host, image: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const overlay = join(folder, 'overlay.qcow2');
  const backing = ['-F', image.endsWith('.raw') ? 'raw' : 'qcow2', '-b', image];
  await host.run('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, overlay, diskSize]);
  return overlay;
}

/** A running node and how to reach its sshd. */
export interface StartedNode extends Running {
  readonly way: Pick<SshTarget, 'port' | 'networkOf'>;
}

/** In a network namespace of its own any port is free. */
const onlyPort = 2222;

/**
 * Starts a node. It can reach only the nodes of its own network, and answers ssh through a forwarded port (qemu(1),
 * -netdev user,restrict=on). If this host allows it, the port is in a network namespace of QEMU's own, where no other
 * user can listen.
 */
export async function startNode(host: Host, wanted: NodeOptions): Promise<StartedNode> {
  const network = await privateNetwork(host);
  // A console that an earlier start left is not this node's.
  await rm(wanted.console, { force: true });
  const port = network === undefined ? await freePort() : onlyPort;
  const lan =
    wanted.lan === undefined
      ? 'hubport,id=lan,hubid=1'
      : `stream,id=lan,server=off,addr.type=unix,addr.path=${optionValue(wanted.lan.socket)}`;
  const qemu = machineCommand(wanted.machine, [
    ...machineArguments(wanted.machine),
    ...confinementArguments(confinement()),
    ...(await firmwareArguments(wanted)),
    ...serialToFile(wanted.console),
    // QEMU's default cache: the file holds everything that the guest has flushed, so killing QEMU is like a power
    // failure.
    ...['-drive', `if=virtio,format=qcow2,file=${optionValue(wanted.disk)},discard=unmap`],
    ...['-drive', `if=virtio,format=raw,readonly=on,file=${optionValue(wanted.seed)}`],
    ...['-netdev', `user,id=host,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', 'virtio-net-pci,netdev=host,romfile='],
    ...['-netdev', lan, '-device', `virtio-net-pci,netdev=lan,mac=${wanted.mac},romfile=`],
    ...['-device', 'virtio-rng-pci'],
  ]);
  const { program, args } = network === undefined ? qemu : network.start(qemu.program, qemu.args);
  const running = await host.start(program, args, {
    log: wanted.qemuLog,
    ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
  });
  limitConsole(wanted.console, running.ended);
  if (network === undefined) return { ...running, way: { port } };
  await awaitOwnNetwork(running);
  return { ...running, way: { port, networkOf: running.pid } };
}
