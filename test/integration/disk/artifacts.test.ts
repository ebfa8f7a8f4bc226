import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleArtifacts } from '../../../src/disk/artifacts.ts';
import { unpackDisk } from '../../../src/disk/disk-files.ts';
import { filesBelow } from '../../../src/host/files-below.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { allTargets, type TargetName, targetsOf } from '../../../src/inputs/targets/all-targets.ts';
import { rawDisk } from '../../../src/inputs/targets/raw.ts';
import type { Target } from '../../../src/inputs/targets/target.ts';
import { imageFactsOf, renderTargets } from '../../../src/render/render-target.ts';
import { smallRoot } from './small-disk.ts';

const host = makeHost();
const templates = await loadTemplates('templates');
const name = 'ingot-slave-1';
let folder: string;
let version: string;
let rootDigest: string;

/** Assembles the targets in a separate folder with the small root. */
async function assemble(targets: readonly Target[]): Promise<string> {
  const made = await mkdtemp(join(folder, 'version-'));
  const { manifestSha256, epoch, squashfs, hashTree, kernel, initrd } = await smallRoot(host, made);
  await assembleArtifacts(
    host,
    {
      ...{ manifestSha256, epoch, squashfs, hashTree, kernel, initrd, targets },
      ...{ grubConfig: 'set timeout=0\n', dataMebibytes: 16 },
      texts: [{ path: 'slot.cfg', content: 'set ingot_version=1\n' }],
      targetTexts: (diskBytes) =>
        renderTargets(
          templates,
          targets,
          imageFactsOf(
            { role: 'slave', kernelArguments: [] },
            { version: '1', rootHash: 'ab', memoryMiB: 1024, diskBytes },
          ),
        ),
      folder: made,
      version: '1',
      work: join(folder, 'work', 'disk.raw'),
      signal: new AbortController().signal,
    },
    () => undefined,
  );
  return made;
}

/** SHA-256 of the root in slot a of a raw disk. */
async function rootOf(raw: string): Promise<string> {
  const copy = join(folder, 'root-of-disk');
  await host.run('mcopy', ['-n', '-o', '-i', `${raw}@@2M`, '::/a/root.squashfs', copy]);
  return sha256File(copy);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-artifacts-'));
  version = await assemble(allTargets);
  rootDigest = await sha256File(join(version, 'root.squashfs'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('every target of an image', () => {
  it('contains the same root, by digest: every disk, netboot and the ISO', async () => {
    const raw = join(folder, 'any.raw');
    await host.run('qemu-img', ['convert', '-O', 'raw', join(version, 'disk.qcow2'), raw]);
    expect(await rootOf(raw)).toBe(rootDigest);
    for (const { disks } of allTargets)
      for (const { path, unpack } of disks) {
        if (unpack === undefined) continue;
        await unpackDisk(host, { unpack }, { raw, file: join(version, path) });
        expect(await rootOf(raw), path).toBe(rootDigest);
      }
    expect(await sha256File(join(version, 'netboot', 'root.squashfs'))).toBe(rootDigest);
    const copy = join(folder, 'root-of-iso');
    await host.run('xorriso', [
      ...['-no_rc', '-osirrox', 'on', '-indev', join(version, 'iso', 'boot.iso')],
      ...['-extract', '/ingot/root.squashfs', copy],
    ]);
    expect(await sha256File(copy)).toBe(rootDigest);
  });

  it('shares its bytes with the others where possible', async () => {
    const inode = async (path: string) => (await stat(join(version, path))).ino;
    for (const file of ['root.squashfs', 'root.verity', 'vmlinuz', 'initrd.img'])
      expect(await inode(`netboot/${file}`), file).toBe(await inode(file));
    expect(await inode('cloud/disk.raw.zst')).toBe(await inode('disk.raw.zst'));
  });

  it('is made only where it is requested', async () => {
    const always = ['initrd.img', 'root.squashfs', 'root.verity', 'slot.cfg', 'vmlinuz'];
    const filesOf = async (targets: readonly TargetName[]) =>
      (await filesBelow(await assemble(targetsOf(targets)))).filter((path) => !always.includes(path));
    expect(await filesOf(['qcow2'])).toEqual(['disk.qcow2']);
    expect(await filesOf(['raw'])).toEqual(['disk.raw.zst']);
    expect(await filesOf(['netboot'])).toEqual([
      ...['netboot/boot.ipxe', 'netboot/grub.cfg', 'netboot/initrd.img', 'netboot/root.squashfs'],
      ...['netboot/root.verity', 'netboot/vmlinuz'],
    ]);
    expect(await filesOf(['ec2'])).toEqual([
      ...['cloud/README.md', 'cloud/disk.raw.zst', 'cloud/import-snapshot.json', 'cloud/register-image.json'],
    ]);
    expect(await filesOf(['vmdk', 'vhd', 'ova', 'maas', 'iso'])).toEqual([
      ...['disk.vhd', 'disk.vmdk', 'iso/boot.iso', 'iso/grub.cfg', 'maas/README.md'],
      ...[
        'maas/boot-resource.json',
        'maas/curtin-hooks',
        'maas/disk.dd.gz',
        'ova/image.ova',
        'ova/image.ovf',
      ],
    ]);
  });

  it('leaves no raw disk behind', async () => {
    await expect(stat(join(folder, 'work', 'disk.raw'))).rejects.toThrow('ENOENT');
  });
});

describe('the files for Amazon EC2', () => {
  it('register an image that boots by UEFI or BIOS, with a volume that fits the disk', async () => {
    const text = await readFile(join(version, 'cloud', 'register-image.json'), 'utf8');
    const raw = join(folder, 'sized.raw');
    await unpackDisk(host, rawDisk, { raw, file: join(version, 'cloud', 'disk.raw.zst') });
    const { BlockDeviceMappings: volumes, ...image } = JSON.parse(text) as Record<string, unknown> & {
      BlockDeviceMappings: { DeviceName: string; Ebs: { VolumeSize: number; VolumeType: string } }[];
    };
    expect(image).toMatchObject({
      Name: name,
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      BootMode: 'uefi-preferred',
      EnaSupport: true,
      ImdsSupport: 'v2.0',
      RootDeviceName: '/dev/xvda',
    });
    expect(volumes).toHaveLength(1);
    expect(volumes[0]).toMatchObject({ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3' } });
    const bytes = (volumes[0]?.Ebs.VolumeSize ?? 0) * 1024 ** 3;
    const { size } = await stat(raw);
    expect(bytes).toBeGreaterThanOrEqual(size);
    expect(bytes - size).toBeLessThan(1024 ** 3);
  });

  it('have a README whose commands do what it says', async () => {
    const readme = await readFile(join(version, 'cloud', 'README.md'), 'utf8');
    for (const [file, word, value] of [
      ['import-snapshot.json', 'BUCKET', 'my-bucket'],
      ['register-image.json', 'SNAPSHOT-ID', 'snap-0123456789abcdef0'],
    ] as const) {
      expect(readme).toMatch(new RegExp(`sed s/${word}/[^ ]+/ ${file}`));
      const { stdout } = await host.run('sed', [`s/${word}/${value}/`, join(version, 'cloud', file)]);
      expect(JSON.stringify(JSON.parse(stdout))).toContain(`"${value}"`);
    }
    await host.run('zstd', ['-q', '--test', join(version, 'cloud', 'disk.raw.zst')]);
  });
});
