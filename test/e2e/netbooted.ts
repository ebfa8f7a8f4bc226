import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeHost } from '../../src/host/make-host.ts';
import { machineArguments } from '../../src/vm/qemu-machine.ts';

/** A netboot server of a test: the files of a version, the seed, and the reports of machines. */
export interface LabServer {
  readonly port: number;
  /** The reports in order: "stage: text". */
  readonly reports: readonly string[];
  close(): void;
}

/**
 * Serves a version's root as /root.verity and /root.squashfs.
 * @param answer answers a request in place of the file if it returns true; `asked` counts the requests for this path,
 * from 1
 */
export async function labServer(
  version: string,
  answer: (path: string, reply: ServerResponse, asked: number) => boolean,
): Promise<LabServer> {
  const reports: string[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request: IncomingMessage, reply: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lab');
    const asked = (counts.get(pathname) ?? 0) + 1;
    counts.set(pathname, asked);
    if (pathname === '/report') {
      reports.push(`${searchParams.get('stage') ?? ''}: ${searchParams.get('text') ?? ''}`);
      reply.end();
      return;
    }
    if (answer(pathname, reply, asked)) return;
    if (pathname !== '/root.verity' && pathname !== '/root.squashfs') {
      reply.writeHead(404).end();
      return;
    }
    const file = join(version, pathname);
    reply.writeHead(200, { 'content-length': statSync(file).size });
    createReadStream(file).pipe(reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    reports,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export interface Machine {
  /** Folder of a version in a store: its kernel is booted, and its initrd unless another one is given. */
  readonly version: string;
  readonly initrd?: string;
  /** Port of the server of the root; without it, the kernel command line names no server. */
  readonly port?: number;
  readonly kernelArguments?: readonly string[];
  readonly memoryMiB?: number;
  /** Raw disks, absolute paths: /dev/vda, /dev/vdb. The machine writes to them. */
  readonly disks?: readonly string[];
  /** Port of this host that is forwarded to the machine's port 22. */
  readonly sshPort?: number;
  /** Folder for temporary files and the console's log. */
  readonly folder: string;
}

/**
 * Boots a machine as a network boot loader would, until `over` returns true for its console; returns the console.
 * Rejects if QEMU ends before that.
 */
export async function bootMachine(
  machine: Machine,
  over: (console: string) => boolean | Promise<boolean>,
): Promise<string> {
  mkdirSync(machine.folder, { recursive: true });
  const { rootHash } = JSON.parse(await readFile(join(machine.version, 'boot.json'), 'utf8')) as {
    rootHash: string;
  };
  const fetch =
    machine.port === undefined
      ? []
      : [
          `ingot.fetch=http://10.0.2.2:${machine.port}`,
          `ingot.report=http://10.0.2.2:${machine.port}/report`,
        ];
  const words = [
    ...[
      'boot=ingot',
      `ingot.roothash=${rootHash}`,
      'ip=dhcp',
      'console=ttyS0,115200n8',
      'panic=1',
      'loglevel=4',
    ],
    ...['systemd.condition-first-boot=0', 'systemd.condition-needs-update=0', ...fetch],
    ...(machine.kernelArguments ?? []),
  ];
  const forward = machine.sshPort === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${machine.sshPort}-:22`;
  let console = '';
  const ended = { yes: false };
  const guest = await makeHost().start(
    'qemu-system-x86_64',
    [
      ...machineArguments({ accelerator: 'tcg', cpus: 2, memoryMiB: machine.memoryMiB ?? 1500 }),
      ...['-machine', 'pc', '-serial', 'stdio', '-device', 'virtio-rng-pci'],
      ...['-kernel', join(machine.version, 'vmlinuz'), '-append', words.join(' ')],
      ...['-initrd', machine.initrd ?? join(machine.version, 'initrd.img')],
      ...['-netdev', `user,id=lan${forward}`, '-device', 'virtio-net-pci,netdev=lan,romfile='],
      ...(machine.disks ?? []).flatMap((disk) => ['-drive', `if=virtio,format=raw,file=${disk}`]),
    ],
    {
      log: join(machine.folder, 'console.log'),
      onLine: (line) => {
        console += `${line}\n`;
      },
    },
  );
  void guest.ended.then(() => {
    ended.yes = true;
  });
  // The expected event may show elsewhere than on the console: a port that answers, a report.
  while (!(await over(console)) && !ended.yes) await Promise.race([wait(250), guest.ended]);
  await guest.end({ signal: 'SIGKILL' });
  if (ended.yes && !(await over(console)))
    throw new Error(`the machine ended too early:\n${console.split('\n').slice(-30).join('\n')}`);
  return console;
}
