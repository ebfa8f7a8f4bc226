import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Running } from '../../src/host/host.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { machineArguments } from '../../src/vm/qemu-machine.ts';

/** How the firmware of a machine boots over the network. */
export type NetworkFirmware = 'BIOS PXE' | 'UEFI PXE' | 'UEFI HTTP';

export interface LabMachine {
  readonly name: string;
  readonly mac: string;
  readonly firmware: NetworkFirmware;
  readonly memoryMiB: number;
  /** Absolute path of a raw disk; the machine writes to it. */
  readonly disk?: string;
}

export interface StartedMachine {
  readonly running: Running;
  /** Absolute path of the serial console's file. */
  readonly console: string;
  /** Absolute path of QEMU's own messages. */
  readonly qemuLog: string;
  /** What the console has shown so far. */
  readonly shown: () => string;
}

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
const ovmf = (part: string): string => `/usr/share/OVMF/OVMF_${part}_4M.fd`;
const off = (option: string): string[] => ['-fw_cfg', `name=opt/org.tianocore/${option},string=n`];

/** An isolated network: a namespace with a bridge, and a port on it for each machine. */
export class PxeLab {
  readonly host: Host;
  readonly #namespace: string;
  readonly #folder: string;
  readonly #real = makeHost();
  readonly #machines: Running[] = [];

  /** @param address of the bridge br0, with its prefix length */
  constructor(folder: string, name: string, address: string) {
    this.#folder = folder;
    this.#namespace = `ingot-${process.pid}-${name}`;
    ip('netns', 'add', this.#namespace);
    this.#ip('link', 'set', 'lo', 'up');
    this.#ip('link', 'add', 'br0', 'type', 'bridge');
    this.#ip('address', 'add', address, 'dev', 'br0');
    this.#ip('link', 'set', 'br0', 'up');
    // A host whose programs run on that network.
    this.host = {
      ...this.#real,
      run: (program, args, options) => this.#real.run('ip', this.inside(program, args), options),
      start: (program, args, options) => this.#real.start('ip', this.inside(program, args), options),
    };
  }

  #ip(...args: string[]): void {
    ip('-n', this.#namespace, ...args);
  }

  /** The arguments of ip(8) that run a program on the network. */
  inside(program: string, args: readonly string[]): string[] {
    return ['netns', 'exec', this.#namespace, program, ...args];
  }

  /**
   * A second connection to the bridge, eth0 in its own namespace, for a server next to ours; returns the arguments of
   * ip(8) that run a program there.
   */
  neighbour(address: string): (program: string, args: readonly string[]) => string[] {
    const name = `${this.#namespace}-n`;
    ip('netns', 'add', name);
    this.#ip('link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    this.#ip('link', 'set', 'cable', 'master', 'br0', 'up');
    ip('-n', name, 'address', 'add', address, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    return (program, args) => ['netns', 'exec', name, program, ...args];
  }

  /** Starts a machine whose firmware can boot only from the network. */
  async start(machine: LabMachine): Promise<StartedMachine> {
    const { name, mac, firmware, memoryMiB, disk } = machine;
    const port = `tap-${name}`;
    this.#ip('tuntap', 'add', port, 'mode', 'tap');
    this.#ip('link', 'set', port, 'master', 'br0', 'up');
    const [console, qemuLog, variables] = ['console', 'qemu', 'variables'].map((what) =>
      join(this.#folder, `${name}-${what}.log`),
    ) as [string, string, string];
    // BIOS uses the boot ROM of the card, UEFI its own driver.
    const card = `virtio-net-pci,netdev=lan,mac=${mac}`;
    const bios = ['-machine', 'pc,graphics=off', '-device', card];
    const uefi = [
      ...['-machine', 'q35', '-device', `${card},romfile=`],
      ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${ovmf('CODE')}`],
      ...['-drive', `if=pflash,format=raw,unit=1,file=${variables}`],
      ...off('IPv6PXESupport'),
      ...(firmware === 'UEFI HTTP' ? off('IPv4PXESupport') : []),
    ];
    if (firmware !== 'BIOS PXE') copyFileSync(ovmf('VARS'), variables);
    writeFileSync(console, '');
    const running = await this.host.start(
      'qemu-system-x86_64',
      [
        ...machineArguments({ accelerator: 'tcg', cpus: 2, memoryMiB }),
        ...(firmware === 'BIOS PXE' ? bios : uefi),
        ...['-netdev', `tap,id=lan,ifname=${port},script=no,downscript=no`, '-serial', `file:${console}`],
        ...['-device', 'virtio-rng-pci'],
        ...(disk === undefined ? [] : ['-drive', `if=virtio,format=raw,file=${disk}`]),
      ],
      { log: qemuLog },
    );
    this.#machines.push(running);
    return { running, console, qemuLog, shown: () => readFileSync(console, 'latin1') };
  }

  /** Ends all machines and removes the network. */
  async remove(): Promise<void> {
    await Promise.all(this.#machines.map((one) => one.end({ signal: 'SIGKILL' })));
    for (const name of [this.#namespace, `${this.#namespace}-n`])
      try {
        ip('netns', 'del', name);
      } catch {
        // there was no neighbour
      }
  }
}
