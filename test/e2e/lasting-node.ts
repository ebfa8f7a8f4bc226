import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Running, RunResult } from '../../src/host/host.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import { renderNodeSeed } from '../../src/render/render-node-seed.ts';
import { signedSeed } from '../../src/version/sign-seed.ts';
import { keySigner } from '../../src/version/signer.ts';
import { chosenAccelerator } from '../../src/vm/accelerator.ts';
import { freePort } from '../../src/vm/free-port.ts';
import { type Firmware, firmwareArguments } from '../../src/vm/node.ts';
import { machineArguments } from '../../src/vm/qemu-machine.ts';
import { seedDisk } from '../../src/vm/seed-disk.ts';
import { runOnNode, type SshTarget } from '../../src/vm/ssh.ts';
import { makeSshKey, type SshKey } from '../../src/vm/ssh-key.ts';
import { project } from './ingot-process.ts';

const host = makeHost();
const mac = '52:54:00:78:00:21';

// Several times as long as a restart with its trial takes under emulation.
const maxSeconds = 1200;

interface Parts {
  readonly disk: string;
  readonly seed: string;
  readonly key: SshKey;
  readonly ssh: SshTarget;
  readonly folder: string;
}

/** A node whose disk lasts: what it wrote is still there after a restart and after a power failure. */
export class LastingNode {
  /** Where the node reaches the loopback interface of this machine. */
  static readonly hostAddress = '10.78.0.2';
  readonly #parts: Parts;
  readonly #lines: string[] = [];
  readonly #watchers = new Set<() => void>();
  #machine: Running | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * A slave of a cluster whose master does not answer. Its disk is an overlay over `image`, a qcow2 or raw disk
   * according to its file name.
   * @param signingKey signs its seed
   */
  static async of(image: string, folder: string, signingKey?: KeyObject): Promise<LastingNode> {
    mkdirSync(folder, { recursive: true });
    const disk = join(folder, 'disk.qcow2');
    const format = image.endsWith('.raw') ? 'raw' : 'qcow2';
    await host.run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', format, '-b', image, disk, '6G']);
    const key = await makeSshKey(host, join(folder, 'ops-key'));
    const rendered = renderNodeSeed(await loadTemplates(join(project, 'templates')), {
      cluster: 'demo',
      masters: ['10.78.0.11'],
      data: null,
      operatorKeys: [key.publicKey],
      network: { macAddress: mac, address: '10.78.0.21/24', gateway: null, nameservers: [] },
    });
    const seed = await signedSeed(rendered, signingKey && keySigner(signingKey));
    const ssh = { port: await freePort(), user: 'ops', keyFile: key.privateKeyFile };
    return new LastingNode({ disk, seed: await seedDisk(host, seed, folder), key, ssh, folder });
  }

  /** Switches the machine on. */
  async start(firmware: Firmware): Promise<void> {
    const { disk, seed, ssh, folder } = this.#parts;
    const accelerator = chosenAccelerator(process.env['INGOT_ACCEL']) ?? 'tcg';
    const network = `user,id=lan,net=10.78.0.0/24,host=${LastingNode.hostAddress},ipv6=off,hostfwd=tcp:127.0.0.1:${ssh.port}-10.78.0.21:22`;
    this.#machine = await host.start(
      'qemu-system-x86_64',
      [
        // A restart of the node restarts the machine; machineArguments would end it.
        ...[...machineArguments({ accelerator, cpus: 2, memoryMiB: 2048 }), '-action', 'reboot=reset'],
        ...(await firmwareArguments({ firmware, folder })),
        ...['-serial', 'stdio', '-device', 'virtio-rng-pci'],
        ...['-drive', `if=virtio,format=qcow2,file=${disk}`],
        ...['-drive', `if=virtio,format=raw,readonly=on,file=${seed}`],
        ...['-netdev', network, '-device', `virtio-net-pci,netdev=lan,mac=${mac},romfile=`],
      ],
      {
        log: join(folder, 'console.log'),
        onLine: (line) => {
          this.#lines.push(line);
          for (const look of this.#watchers) look();
        },
      },
    );
    void this.#machine.ended.then(() => {
      for (const look of this.#watchers) look();
    });
  }

  /** Number of lines of the console so far: a later query can begin there. */
  get mark(): number {
    return this.#lines.length;
  }

  /** The console from a mark on. */
  console(since: number): string {
    return this.#lines.slice(since).join('\n');
  }

  /**
   * Resolves with the first line after the mark that matches; rejects if the machine ends before that, or does not show
   * it in time.
   */
  async shows(text: RegExp, since: number): Promise<string> {
    let over = '';
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const line = this.#lines.slice(since).find((one) => text.test(one));
        if (line === undefined && over === '') return;
        this.#watchers.delete(look);
        clearTimeout(limit);
        if (line !== undefined) resolve(line);
        else
          reject(
            new Error(`the machine ${over} showing ${text.source}:\n${this.console(since).slice(-4000)}`),
          );
      };
      const end = (how: string): void => {
        over = how;
        look();
      };
      const limit = setTimeout(end, maxSeconds * 1000, `ran ${maxSeconds} s without`);
      void this.#machine?.ended.then(() => {
        end('ended without');
      });
      this.#watchers.add(look);
      look();
    });
  }

  /** Runs a shell script on the node as root; calls `onLine` with each line of its stdout as it arrives. */
  ask(script: string, onLine?: (line: string) => void): Promise<RunResult> {
    return runOnNode(host, this.#parts.ssh, script, onLine === undefined ? {} : { onLine });
  }

  /** Resolves when the node answers over ssh and runs this version. */
  async answers(version: string): Promise<void> {
    for (;;) {
      const { stdout } = await this.ask('cat /proc/cmdline');
      if (stdout.includes(`ingot.version=${version} `)) return;
      // No event announces that a forwarded port answers.
      await wait(1000);
    }
  }

  /** Cuts the power, whatever the node is doing. */
  async cutPower(): Promise<void> {
    await this.#machine?.end({ signal: 'SIGKILL' });
  }

  async remove(): Promise<void> {
    await this.cutPower();
    await this.#parts.key.remove();
  }
}
