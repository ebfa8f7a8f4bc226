import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { GuestNetwork } from '../vm/guest-network.ts';
import { makeOverlay, type StartedNode, startNode } from '../vm/node.ts';
import type { QemuMachine } from '../vm/qemu-machine.ts';
import { seedDisk, type SeedFile } from '../vm/seed-disk.ts';
import type { SshTarget } from '../vm/ssh.ts';
import { drillFailure } from './drill-failure.ts';
import type { RehearsedPlace } from './place.ts';

export interface MachineOptions {
  readonly place: RehearsedPlace;
  /** Absolute path of the image's disk, which is not written. */
  readonly image: string;
  readonly machine: QemuMachine;
  /** Absolute path of a folder for sockets, which must be short. */
  readonly folder: string;
  /** Absolute path of the folder that keeps the consoles. */
  readonly logFolder: string;
  readonly keyFile: string;
  readonly lan: GuestNetwork;
  readonly signal: AbortSignal;
}

/** A machine of the rehearsal: a disk that persists across power-offs, and QEMU while it is on. */
export class Machine {
  readonly place: RehearsedPlace;
  readonly #host: Host;
  readonly #options: MachineOptions;
  #disk: string | undefined;
  #starts = 0;
  #running: StartedNode | undefined;

  constructor(host: Host, options: MachineOptions) {
    this.#host = host;
    this.#options = options;
    this.place = options.place;
  }

  /**
   * How to reach it over ssh.
   * @throws IngotError node-failed when it is off
   */
  get ssh(): SshTarget {
    const running = this.#running;
    if (running === undefined) throw drillFailure(`${this.place.name} has to run a command, but is off`);
    const { folder, keyFile, place } = this.#options;
    const shared = { socket: join(folder, `${place.name}.ssh`), open: false };
    return { ...running.way, user: 'ops', keyFile, shared };
  }

  get isOn(): boolean {
    return this.#running !== undefined;
  }

  /** Absolute path of the console of its last start. */
  get console(): string {
    return join(this.#options.logFolder, `console-${this.place.name}-${this.#starts}.log`);
  }

  /** The next start has a new, empty disk. */
  replaceDisk(): void {
    this.#disk = undefined;
  }

  /**
   * Switches it on with a seed.
   * @param cpus the number of its processors from now on
   * @param onEnd called when it has ended, by itself or not, with the way in which it ended
   */
  async powerOn(seed: readonly SeedFile[], cpus: number, onEnd: (how: string) => void): Promise<void> {
    const { place, image, folder, logFolder, machine, lan, signal } = this.#options;
    const own = join(folder, place.name);
    if (this.#disk === undefined) {
      await rm(own, { recursive: true, force: true });
      this.#disk = await makeOverlay(this.#host, image, own);
    }
    this.#starts += 1;
    const running = await startNode(this.#host, {
      disk: this.#disk,
      seed: await seedDisk(this.#host, seed, own),
      firmware: 'bios',
      machine: { ...machine, cpus },
      folder: own,
      console: this.console,
      qemuLog: join(logFolder, `qemu-${place.name}.log`),
      mac: place.mac,
      lan,
      signal,
    });
    this.#running = running;
    void running.ended.then(({ exitCode, signal: by }) => {
      if (this.#running === running) this.#running = undefined;
      onEnd(by ?? `exit status ${exitCode ?? '?'}`);
    });
  }

  /** Cuts the power, whatever the node is doing. */
  async powerOff(): Promise<void> {
    await this.#running?.end({ signal: 'SIGKILL' });
    this.#running = undefined;
  }

  /** Resolves when the machine has ended by itself. */
  async ended(): Promise<void> {
    await this.#running?.ended;
  }
}
