import { execFileSync } from 'node:child_process';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeHost } from '../../src/host/make-host.ts';
import { sha256File } from '../../src/host/sha256-file.ts';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import { type NodeSeedContext, renderNodeSeed } from '../../src/render/render-node-seed.ts';
import { signedSeed } from '../../src/version/sign-seed.ts';
import { freePort } from '../../src/vm/free-port.ts';
import { seedDisk } from '../../src/vm/seed-disk.ts';
import { bakeOnce, runKey, storeFolder } from './baked-store.ts';
import { project } from './ingot-process.ts';
import { bootMachine, type LabServer, labServer } from './netbooted.ts';

mkdirSync(join(project, '.make'), { recursive: true });
const folder = mkdtempSync(join(project, '.make', 'e2e-wrong-'));
const version = (role: string): string => realpathSync(join(storeFolder, role, 'latest'));
const shows =
  (text: RegExp) =>
  (console: string): boolean =>
    text.test(console);

let server: LabServer | undefined;
const serve = async (...given: Parameters<typeof labServer>): Promise<number> => {
  server = await labServer(...given);
  return server.port;
};

/** The seed of a cluster whose one master is at the address that QEMU's user network gives. */
async function seed(data: NodeSeedContext['data']) {
  const templates = await loadTemplates(join(project, 'templates'));
  const files = renderNodeSeed(templates, {
    ...{ cluster: 'demo', masters: ['10.0.2.15'], operatorKeys: [], data, network: null },
  });
  return signedSeed(files, runKey());
}

function emptyDisk(name: string, mebibytes: number): string {
  const disk = join(folder, name);
  writeFileSync(disk, '');
  truncateSync(disk, mebibytes * 1024 * 1024);
  return disk;
}

/** Sends the root with one byte in its middle changed. */
function sendAltered(reply: ServerResponse): void {
  const file = join(version('slave'), 'root.squashfs');
  const { size } = statSync(file);
  let sent = 0;
  const alter = new Transform({
    transform(chunk: Buffer, _, done) {
      const at = Math.floor(size / 2) - sent;
      sent += chunk.length;
      if (at >= 0 && at < chunk.length) chunk[at] = (chunk[at] ?? 0) ^ 1;
      done(null, chunk);
    },
  });
  reply.writeHead(200, { 'content-length': size });
  createReadStream(file).pipe(alter).pipe(reply);
}

/** Whether sshd greets on this port. */
async function sshGreets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(5000, () => socket.destroy());
    socket.on('data', (data) => {
      resolve(data.toString().startsWith('SSH-2.0'));
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(false);
    });
  });
}

describe('a machine with wrong input', () => {
  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
  });
  afterEach(() => server?.close());
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('of too little memory is refused before it fetches anything', async () => {
    const console = await bootMachine(
      { ...{ version: version('slave'), port: 9, memoryMiB: 512, folder: join(folder, 'memory') }, kernelArguments: ['ingot.memory=1000'] }, // prettier-ignore
      shows(/refusing to boot: .*/),
    );
    expect(console).toMatch(
      /refusing to boot: this machine has 4\d\d MiB of memory; the role needs 1000 MiB/,
    );
    expect(console).not.toContain('has the address');
  });

  it.each(['init=/bin/sh', 'break=top'])(
    'that is told %s opens no shell: it is refused, and starts again',
    async (word) => {
      const console = await bootMachine(
        { ...{ version: version('slave'), folder: join(folder, 'word') }, kernelArguments: [word] },
        shows(/reboot: Restarting system/),
      );
      expect(console).toContain(`refusing to boot: "${word}" on the kernel command line`);
      expect(console).not.toMatch(/\(initramfs\)|can't access tty/);
    },
  );

  it('whose initrd came cut off is stopped by the kernel, which says so and starts again', async () => {
    const initrd = join(folder, 'initrd-cut');
    const whole = readFileSync(join(version('slave'), 'initrd.img'));
    writeFileSync(initrd, whole.subarray(0, whole.length / 2));
    const console = await bootMachine(
      { version: version('slave'), initrd, folder: join(folder, 'initrd') },
      shows(/Rebooting in|Rebooting automatically/),
    );
    expect(console).toMatch(/Initramfs unpacking failed/);
    expect(console).toMatch(/Kernel panic - not syncing/);
  });

  it('that finds no seed where one was named is refused, and the server hears why', async () => {
    const port = await serve(version('slave'), () => false);
    const console = await bootMachine(
      { ...{ version: version('slave'), port, folder: join(folder, 'no-seed') }, kernelArguments: [`ds=nocloud-net;s=http://10.0.2.2:${port}/seed/`] }, // prettier-ignore
      (text) => /refusing to boot: .*/.test(text) && server?.reports.length === 1,
    );
    expect(console).toMatch(/seed\/user-data cannot be fetched: .*404.*; put the cluster seed there/);
    expect(server?.reports[0]).toMatch(/^refused: .*user-data cannot be fetched/);
    expect(console).not.toContain('root.verity');
  });

  it('whose root is altered on the server, or each time on the way, does not boot', async () => {
    const port = await serve(version('slave'), (path, reply) => {
      if (path !== '/root.squashfs') return false;
      sendAltered(reply);
      return true;
    });
    const console = await bootMachine(
      { version: version('slave'), port, folder: join(folder, 'altered') },
      (text) => /refusing to boot: .*/.test(text) && server?.reports.length === 1,
    );
    expect(console).toMatch(/is not the root with the root hash [0-9a-f]{64}, fetched twice/);
    expect(server?.reports[0]).toMatch(/^refused: .*fetched twice; publish the version again/);
  });

  it('whose root was altered once on the way fetches it again and boots; a seed that comes late is waited for, and the blank disk that it names becomes the state', async () => {
    const disk = emptyDisk('blank.raw', 512);
    const files = await seed({ disk: '/dev/vda', format: 'if-blank' });
    const port = await serve(version('slave'), (path, reply, asked) => {
      if (path === '/root.squashfs' && asked === 1) {
        sendAltered(reply);
        return true;
      }
      const file = files.find((one) => path === `/seed/${one.path}`);
      if (file === undefined) return false;
      if (asked <= 2) reply.writeHead(503).end();
      else reply.end(file.content);
      return true;
    });
    const console = await bootMachine(
      { ...{ version: version('slave'), port, disks: [disk], folder: join(folder, 'once') }, kernelArguments: [`ds=nocloud-net;s=http://10.0.2.2:${port}/seed/`] }, // prettier-ignore
      (text) => /Finished .*ingot-state/.test(text) && (server?.reports.length ?? 0) >= 1,
    );
    expect(console).toMatch(/fetching user-data broke off .*503.*try 3 of 10/);
    expect(console).toMatch(/fetching it again from the beginning/);
    expect(console).toMatch(/the whole root is proven/);
    expect(console).toMatch(/formatting \/dev\/vda: it is blank/);
    expect(console).not.toContain('state is kept in memory');
    expect(server?.reports[0]).toBe('root: fetched and proven');
    const list = execFileSync('debugfs', ['-R', 'cat machine-id', disk], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(list.toString()).toMatch(/^[0-9a-f]{32}\n$/);
  });

  it('a master whose data disk has another file system keeps it as it is and does not start ZooKeeper', async () => {
    const disk = emptyDisk('fat.raw', 300);
    execFileSync('mkfs.vfat', ['-n', 'ingot-data', disk], { stdio: 'ignore' });
    const before = await sha256File(disk);
    const port = await serve(version('master'), () => false);
    const seedImage = await seedDisk(makeHost(), await seed(null), join(folder, 'fat'));
    const console = await bootMachine(
      { version: version('master'), port, disks: [disk, seedImage], folder: join(folder, 'fat') },
      shows(/DOES NOT JOIN THE CLUSTER[\s\S]*ZooKeeper is not started.*\n/),
    );
    expect(console).toMatch(
      /state is kept in memory: \/dev\/vda holds vfat labelled ingot-data; state needs ext4/,
    );
    expect(console).toMatch(/a master without a data disk .*ZooKeeper is not started: \/dev\/vda holds vfat/);
    expect(await sha256File(disk)).toBe(before);
  });

  it('a node whose data disk is full and that has no seed comes up, can be reached, and says both', async () => {
    const disk = emptyDisk('full.raw', 300);
    const filling = join(folder, 'filling');
    mkdirSync(filling);
    execFileSync('mke2fs', ['-q', '-t', 'ext4', '-m', '0', '-L', 'ingot-data', disk]);
    const { blocks } = /Free blocks: +(?<blocks>\d+)/.exec(execFileSync('dumpe2fs', ['-h', disk]).toString())?.groups ?? {}; // prettier-ignore
    writeFileSync(join(filling, 'filler'), Buffer.alloc(Number(blocks) * 1024 * 4, 'x'));
    execFileSync('debugfs', ['-w', '-R', `write ${join(filling, 'filler')} filler`, disk], {
      stdio: 'ignore',
    });
    const sshPort = await freePort();
    const port = await serve(version('slave'), () => false);
    let greeted = false;
    const failed = (): string | undefined => server?.reports.find((one) => one.startsWith('failed'));
    const console = await bootMachine(
      { version: version('slave'), port, disks: [disk], sshPort, folder: join(folder, 'full') },
      async (text) => {
        if (!/DOES NOT JOIN/.test(text)) return false;
        greeted ||= await sshGreets(sshPort);
        return greeted && failed() !== undefined;
      },
    );
    expect(console).toMatch(/this machine has another id at each start/);
    expect(console).toMatch(/the disk of state is full: 0 MiB/);
    expect(console).toMatch(/there is no cluster seed .*attach the seed/);
    expect(failed()).toMatch(/^failed: there is no cluster seed/);
    expect(execFileSync('debugfs', ['-R', 'ls -p /', disk]).toString()).toContain('filler');
  });
});
