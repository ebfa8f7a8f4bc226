import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, Running } from '../host/host.ts';
import { machineArguments, optionValue, type QemuMachine } from '../host/qemu-machine.ts';

export type Firmware = 'bios' | 'uefi';

export interface NodeWanted {
  /** Shown to people, e.g. "master". */
  readonly name: string;
  /** Absolute path of a qcow2, or of a raw disk whose name ends in .raw; it is never written. */
  readonly disk: string;
  readonly seed: string;
  readonly firmware: Firmware;
  readonly machine: QemuMachine;
  /** Absolute folder for the throw-away overlay. */
  readonly folder: string;
  /** Absolute file to which the serial console is written. */
  readonly console: string;
  /** Absolute file to which QEMU's own messages are appended. */
  readonly qemuLog: string;
  readonly sshPort: number;
  /** MAC address of the interface on the nodes' own network, by which the seed names it. */
  readonly mac: string;
  /** The nodes' own network: a unix socket, served by one node, used by the other. */
  readonly lan: { readonly socket: string; readonly serves: boolean };
  readonly signal?: AbortSignal;
}

const ovmfCode = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const ovmfVariables = '/usr/share/OVMF/OVMF_VARS_4M.fd';

/** The machine with its firmware; UEFI's variables are new ones, in `folder`. */
export async function firmwareArguments(wanted: Pick<NodeWanted, 'firmware' | 'folder'>): Promise<string[]> {
  if (wanted.firmware === 'bios') return ['-machine', 'pc'];
  const variables = join(wanted.folder, 'uefi-variables.fd');
  await copyFile(ovmfVariables, variables);
  return [
    ...['-machine', 'q35'],
    ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${ovmfCode}`],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${optionValue(variables)}`],
  ];
}

/**
 * Starts a node from a disk, on an overlay that is thrown away: the image itself is what boots.
 * The node reaches nothing but the other node and, through a forwarded port, answers ssh (qemu(1), -netdev user,restrict=on).
 */
export async function startNode(host: Host, wanted: NodeWanted): Promise<Running> {
  await mkdir(wanted.folder, { recursive: true });
  const overlay = join(wanted.folder, 'overlay.qcow2');
  await host.run('qemu-img', [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-F',
    wanted.disk.endsWith('.raw') ? 'raw' : 'qcow2',
    '-b',
    wanted.disk,
    overlay,
    '6G',
  ]);
  const network = wanted.lan.serves ? 'server=on' : 'server=off';
  return host.start(
    'qemu-system-x86_64',
    [
      ...machineArguments(wanted.machine),
      ...(await firmwareArguments(wanted)),
      ...['-serial', `file:${wanted.console}`],
      ...['-drive', `if=virtio,format=qcow2,file=${optionValue(overlay)},discard=unmap`],
      ...['-drive', `if=virtio,format=raw,readonly=on,file=${optionValue(wanted.seed)}`],
      ...['-netdev', `user,id=host,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:${wanted.sshPort}-:22`],
      ...['-device', 'virtio-net-pci,netdev=host,romfile='],
      ...['-netdev', `stream,id=lan,${network},addr.type=unix,addr.path=${optionValue(wanted.lan.socket)}`],
      ...['-device', `virtio-net-pci,netdev=lan,mac=${wanted.mac},romfile=`],
      ...['-device', 'virtio-rng-pci'],
    ],
    {
      log: wanted.qemuLog,
      ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
    },
  );
}
