import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeHost } from '../../src/host/make-host.ts';
import { sha256File } from '../../src/host/sha256-file.ts';
import { freePort } from '../../src/vm/free-port.ts';
import { seedDisk } from '../../src/vm/seed-disk.ts';
import { bakeOnce } from './baked-store.ts';
import { project } from './ingot-process.ts';
import { bakedVersion, emptyDisk, labSeed, shows } from './lab-inputs.ts';
import { bootMachine, type LabServer, labServer } from './netbooted.ts';

mkdirSync(join(project, '.make'), { recursive: true });
const folder = mkdtempSync(join(project, '.make', 'e2e-wrong-disk-'));

let server: LabServer | undefined;
const serve = async (...given: Parameters<typeof labServer>): Promise<number> => {
  server = await labServer(...given);
  return server.port;
};

/** Whether sshd answers on this port. */
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

// Other wrong inputs are tested in every run (wrong-input.node.test.ts); how a node handles such disks is tested on the
// host: state.test.ts.
describe('a machine with a data disk that it cannot use', () => {
  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
  });
  afterEach(() => server?.close());
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('a master whose data disk has another file system leaves it unchanged and does not start ZooKeeper', async () => {
    const disk = emptyDisk(join(folder, 'fat.raw'), 300);
    execFileSync('mkfs.vfat', ['-n', 'ingot-data', disk], { stdio: 'ignore' });
    const before = await sha256File(disk);
    const port = await serve(bakedVersion('master'), () => false);
    const seedImage = await seedDisk(makeHost(), await labSeed(null), join(folder, 'fat'));
    const console = await bootMachine(
      { version: bakedVersion('master'), port, disks: [disk, seedImage], folder: join(folder, 'fat') },
      shows(/DOES NOT JOIN THE CLUSTER[\s\S]*ZooKeeper is not started.*\n/),
    );
    expect(console).toMatch(
      /state is kept in memory: \/dev\/vda holds vfat labelled ingot-data; state needs ext4/,
    );
    expect(console).toMatch(/a master without a data disk .*ZooKeeper is not started: \/dev\/vda holds vfat/);
    expect(await sha256File(disk)).toBe(before);
  });

  it('a node with a full data disk and no seed comes up, is reachable, and reports both problems', async () => {
    const disk = emptyDisk(join(folder, 'full.raw'), 300);
    const filling = join(folder, 'filling');
    mkdirSync(filling);
    execFileSync('mke2fs', ['-q', '-t', 'ext4', '-m', '0', '-L', 'ingot-data', disk]);
    const { blocks } = /Free blocks: +(?<blocks>\d+)/.exec(execFileSync('dumpe2fs', ['-h', disk]).toString())?.groups ?? {}; // prettier-ignore
    writeFileSync(join(filling, 'filler'), Buffer.alloc(Number(blocks) * 1024 * 4, 'x'));
    execFileSync('debugfs', ['-w', '-R', `write ${join(filling, 'filler')} filler`, disk], {
      stdio: 'ignore',
    });
    const sshPort = await freePort();
    const port = await serve(bakedVersion('slave'), () => false);
    let greeted = false;
    const failed = (): string | undefined => server?.reports.find((one) => one.startsWith('failed'));
    const console = await bootMachine(
      { version: bakedVersion('slave'), port, disks: [disk], sshPort, folder: join(folder, 'full') },
      async (text) => {
        if (!/DOES NOT JOIN/.test(text)) return false;
        greeted ||= await sshGreets(sshPort);
        return greeted && failed() !== undefined;
      },
    );
    expect(console).toMatch(/this machine gets a new id at each boot/);
    expect(console).toMatch(/the state disk is full: 0 MiB/);
    expect(console).toMatch(/there is no cluster seed .*attach the seed/);
    expect(failed()).toMatch(/^failed: there is no cluster seed/);
    expect(execFileSync('debugfs', ['-R', 'ls -p /', disk]).toString()).toContain('filler');
  });
});
