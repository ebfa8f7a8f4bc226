import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packDisk, unpackDisk } from '../../../src/disk/disk-files.ts';
import type { DiskIdentity } from '../../../src/disk/disk-identity.ts';
import { makeRawDisk } from '../../../src/disk/raw-disk.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import { diskIdentifiers } from '../../../src/inputs/plan/disk-identifiers.ts';
import { allTargets } from '../../../src/inputs/targets/all-targets.ts';
import { qcow2 } from '../../../src/inputs/targets/qcow2.ts';
import { rawDisk } from '../../../src/inputs/targets/raw.ts';
import type { DiskFile } from '../../../src/inputs/targets/target.ts';
import { smallRoot } from './small-disk.ts';

const host = makeHost();
let folder: string;
let root: Awaited<ReturnType<typeof smallRoot>>;
let raw: string;
let ids: ReturnType<typeof diskIdentifiers>;
let identity: DiskIdentity;

async function assemble(name: string): Promise<string> {
  const options = { ...root, grubConfig: 'set timeout=0\n', dataMebibytes: 64 };
  await makeRawDisk(host, join(folder, name), options, () => undefined);
  return join(folder, name);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-disk-'));
  root = await smallRoot(host, folder);
  identity = { manifestSha256: root.manifestSha256, epoch: root.epoch };
  ids = diskIdentifiers(root.manifestSha256);
  raw = await assemble('first.raw');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Table {
  readonly partitions: readonly {
    readonly start: number;
    readonly size: number;
    readonly uuid: string;
    readonly name: string;
  }[];
  readonly id: string;
}
async function readTable(): Promise<Table> {
  const { stdout } = await host.run('sfdisk', ['--json', raw]);
  return (JSON.parse(stdout) as { partitiontable: Table }).partitiontable;
}

async function cutOut(number: number): Promise<string> {
  const partition = (await readTable()).partitions[number - 1];
  const file = join(folder, `partition-${number}`);
  const { start = 0, size = 0 } = partition ?? {};
  await host.run('dd', [
    `if=${raw}`,
    `of=${file}`,
    'bs=512',
    `skip=${start}`,
    `count=${size}`,
    'conv=sparse',
    'status=none',
  ]);
  return file;
}

/** Packs a disk under the name that it has in a version. */
async function packed(disk: DiskFile, from: string, name: string): Promise<string> {
  const file = join(folder, name, disk.path);
  await mkdir(dirname(file), { recursive: true });
  await packDisk(host, disk, { raw: from, file, ...identity });
  return file;
}

describe('a disk', () => {
  it('is the same file every time: raw, as qcow2 and compressed', async () => {
    // FAT stores times in steps of two seconds: wait until the clock of the build has passed one.
    const passed = host.now() + 2100;
    await expect.poll(() => host.now(), { timeout: 5000 }).toBeGreaterThan(passed);
    const second = await assemble('second.raw');
    expect(await sha256File(second)).toBe(await sha256File(raw));
    // Containers have texts in addition: disk-forms.test.ts makes them.
    const disks = allTargets.flatMap((target) => target.disks);
    for (const disk of disks.filter(({ container }) => container === undefined)) {
      const [one, two] = await Promise.all([packed(disk, raw, 'one'), packed(disk, second, 'two')]);
      expect(await sha256File(two), disk.path).toBe(await sha256File(one));
    }
  });

  it('contains the same bytes in every format', async () => {
    await packDisk(host, qcow2.disks[0], { raw, file: join(folder, 'disk.qcow2'), ...identity });
    await host.run('qemu-img', ['compare', '-f', 'raw', '-F', 'qcow2', raw, join(folder, 'disk.qcow2')]);
    const packedRaw = join(folder, 'disk.raw.zst');
    await packDisk(host, rawDisk, { raw, file: packedRaw, ...identity });
    await unpackDisk(host, rawDisk, { raw: join(folder, 'unpacked.raw'), file: packedRaw });
    expect(await sha256File(join(folder, 'unpacked.raw'))).toBe(await sha256File(raw));
  });

  it('is compressed to the same bytes by one processor and by all', async () => {
    await packDisk(host, rawDisk, { raw, file: join(folder, 'all.zst'), ...identity });
    await host.run('taskset', [
      '-c',
      '0',
      'zstd',
      '-q',
      '-f',
      '-3',
      '-T0',
      raw,
      '-o',
      join(folder, 'one.zst'),
    ]);
    expect(await sha256File(join(folder, 'one.zst'))).toBe(await sha256File(join(folder, 'all.zst')));
    await host.run('zstd', ['-q', '-f', '-3', '-T7', raw, '-o', join(folder, 'seven.zst')]);
    expect(await sha256File(join(folder, 'seven.zst'))).toBe(await sha256File(join(folder, 'all.zst')));
  });

  it('has a clean partition table with the identifiers of its image, and the data partition last', async () => {
    const { stdout } = await host.run('sgdisk', ['--verify', raw]);
    expect(stdout).toContain('No problems found');
    const table = await readTable();
    expect(table.id.toLowerCase()).toBe(ids.disk);
    expect(table.partitions.map(({ name, uuid }) => [name, uuid.toLowerCase()])).toEqual([
      ['ingot-bios', ids.biosBootPartition],
      ['ingot-boot', ids.bootPartition],
      ['ingot-data', ids.dataPartition],
    ]);
  });

  it('contains the golden root, byte for byte, in a boot partition that fsck finds clean', async () => {
    const fat = await cutOut(2);
    await host.run('fsck.vfat', ['-n', fat]);
    const { stdout: names } = await host.run('mdir', ['-/', '-b', '-i', fat, '::']);
    expect(names.trim().split('\n').sort()).toEqual([
      '::/EFI/',
      '::/EFI/BOOT/',
      '::/EFI/BOOT/BOOTX64.EFI',
      '::/a/',
      '::/a/initrd.img',
      '::/a/root.squashfs',
      '::/a/root.verity',
      '::/a/slot.cfg',
      '::/a/vmlinuz',
      '::/b/',
      '::/grub/',
      '::/grub/grub.cfg',
      '::/grub/grubenv',
    ]);
    await host.run('mcopy', ['-i', fat, '::/a/root.squashfs', join(folder, 'copy')]);
    await host.run('cmp', [root.squashfs, join(folder, 'copy')]);
    const { stdout } = await host.run('blkid', ['-p', '-o', 'export', fat]);
    expect(stdout).toContain(`UUID=${ids.fatUuid}`);
    expect(stdout).toContain('LABEL=INGOT');
  });

  it('has a data partition that fsck finds clean, and that grows', async () => {
    const data = await cutOut(3);
    await host.run('e2fsck', ['-fn', data]);
    const { stdout } = await host.run('blkid', ['-p', '-o', 'export', data]);
    expect(stdout).toContain(`UUID=${ids.dataUuid}`);
    expect(stdout).toContain('LABEL=ingot-data');
    await host.run('truncate', ['-s', '20G', data]);
    await host.run('resize2fs', [data]);
    await host.run('e2fsck', ['-fn', data]);
  });

  it('has GRUB in sector 0, which points to its core in the BIOS boot partition', async () => {
    const file = await open(raw);
    const { buffer: mbr } = await file.read(Buffer.alloc(512), 0, 512, 0);
    const { buffer: core } = await file.read(Buffer.alloc(512), 0, 512, 2048 * 512);
    await file.close();
    const bootImg = await readFile('/usr/lib/grub/i386-pc/boot.img');
    expect(mbr.subarray(0, 0x5c)).toEqual(bootImg.subarray(0, 0x5c));
    expect(mbr.readBigUInt64LE(0x5c)).toBe(2048n);
    expect(mbr.subarray(510).toString('hex')).toBe('55aa');
    expect(mbr[446 + 4]).toBe(0xee);
    expect(core.readBigUInt64LE(0x1f4)).toBe(2049n);
  });

  it('leaves only itself behind, also when it fails', async () => {
    const options = { ...root, kernel: '/nowhere', grubConfig: '' };
    await expect(makeRawDisk(host, join(folder, 'failed.raw'), options, () => undefined)).rejects.toThrow();
    const names = await readdir(folder);
    expect(names.filter((name) => name.endsWith('.parts') || name.startsWith('failed'))).toEqual([]);
  });
});
