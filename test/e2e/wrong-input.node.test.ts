import { execFileSync } from 'node:child_process';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bakeOnce } from './baked-store.ts';
import { project } from './ingot-process.ts';
import { bakedVersion, emptyDisk, labSeed, shows } from './lab-inputs.ts';
import { bootMachine, type LabServer, labServer } from './netbooted.ts';

mkdirSync(join(project, '.make'), { recursive: true });
const folder = mkdtempSync(join(project, '.make', 'e2e-wrong-'));

let server: LabServer | undefined;
const serve = async (...given: Parameters<typeof labServer>): Promise<number> => {
  server = await labServer(...given);
  return server.port;
};

/** Sends the root with one byte changed in its middle. */
function sendAltered(reply: ServerResponse): void {
  const file = join(bakedVersion('slave'), 'root.squashfs');
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

describe('a machine with wrong input', () => {
  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
  });
  afterEach(() => server?.close());
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('with too little memory is refused before it fetches anything', async () => {
    const console = await bootMachine(
      { ...{ version: bakedVersion('slave'), port: 9, memoryMiB: 512, folder: join(folder, 'memory') }, kernelArguments: ['ingot.memory=1000'] }, // prettier-ignore
      shows(/refusing to boot: .*/),
    );
    expect(console).toMatch(
      /refusing to boot: this machine has 4\d\d MiB of memory; the role needs 1000 MiB/,
    );
    expect(console).not.toContain('has the address');
  });

  it.each(['init=/bin/sh', 'break=top'])(
    'with %s on its kernel command line opens no shell: it is refused, and restarts',
    async (word) => {
      const console = await bootMachine(
        { ...{ version: bakedVersion('slave'), folder: join(folder, 'word') }, kernelArguments: [word] },
        shows(/reboot: Restarting system/),
      );
      expect(console).toContain(`refusing to boot: "${word}" on the kernel command line`);
      expect(console).not.toMatch(/\(initramfs\)|can't access tty/);
    },
  );

  it('whose initrd is cut off is stopped by the kernel, which reports it and restarts', async () => {
    const initrd = join(folder, 'initrd-cut');
    const whole = readFileSync(join(bakedVersion('slave'), 'initrd.img'));
    writeFileSync(initrd, whole.subarray(0, whole.length / 2));
    const console = await bootMachine(
      { version: bakedVersion('slave'), initrd, folder: join(folder, 'initrd') },
      shows(/Rebooting in|Rebooting automatically/),
    );
    expect(console).toMatch(/Initramfs unpacking failed/);
    expect(console).toMatch(/Kernel panic - not syncing/);
  });

  it('that does not find the seed at the given address is refused, and the reason is reported to the server', async () => {
    const port = await serve(bakedVersion('slave'), () => false);
    const console = await bootMachine(
      { ...{ version: bakedVersion('slave'), port, folder: join(folder, 'no-seed') }, kernelArguments: [`ds=nocloud-net;s=http://10.0.2.2:${port}/seed/`] }, // prettier-ignore
      (text) => /refusing to boot: .*/.test(text) && server?.reports.length === 1,
    );
    expect(console).toMatch(/seed\/user-data cannot be fetched: .*404.*; put the cluster seed there/);
    expect(server?.reports[0]).toMatch(/^refused: .*user-data cannot be fetched/);
    expect(console).not.toContain('root.verity');
  });

  it('whose root is altered on the server, or at each transfer, does not boot', async () => {
    const port = await serve(bakedVersion('slave'), (path, reply) => {
      if (path !== '/root.squashfs') return false;
      sendAltered(reply);
      return true;
    });
    const console = await bootMachine(
      { version: bakedVersion('slave'), port, folder: join(folder, 'altered') },
      (text) => /refusing to boot: .*/.test(text) && server?.reports.length === 1,
    );
    expect(console).toMatch(/do not have the root hash [0-9a-f]{64}, even after fetching them twice/);
    expect(server?.reports[0]).toMatch(
      /^refused: .*even after fetching them twice; publish the version again/,
    );
  });

  it('whose root was altered in one transfer fetches it again and boots; it waits for a seed that appears late, and the blank disk that the seed names becomes the data partition', async () => {
    const disk = emptyDisk(join(folder, 'blank.raw'), 512);
    const files = await labSeed({ disk: '/dev/vda', format: 'if-blank' });
    const port = await serve(bakedVersion('slave'), (path, reply, asked) => {
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
      { ...{ version: bakedVersion('slave'), port, disks: [disk], folder: join(folder, 'once') }, kernelArguments: [`ds=nocloud-net;s=http://10.0.2.2:${port}/seed/`] }, // prettier-ignore
      (text) => /Finished .*ingot-state/.test(text) && (server?.reports.length ?? 0) >= 1,
    );
    expect(console).toMatch(/fetching user-data broke off .*503.*try 3 of 10/);
    expect(console).toMatch(/fetching them again from the beginning/);
    expect(console).toMatch(/the whole root was verified/);
    expect(console).toMatch(/formatting \/dev\/vda: it is blank/);
    expect(console).not.toContain('state is kept in memory');
    expect(server?.reports[0]).toBe('root: fetched and verified');
    const list = execFileSync('debugfs', ['-R', 'cat machine-id', disk], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(list.toString()).toMatch(/^[0-9a-f]{32}\n$/);
  });
});
