import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleArtifacts } from '../../../src/disk/artifacts.ts';
import { unpackDisk } from '../../../src/disk/disk-files.ts';
import { filesBelow } from '../../../src/host/files-below.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { allTargets } from '../../../src/inputs/targets/all-targets.ts';
import { rawDisk } from '../../../src/inputs/targets/raw.ts';
import { imageFactsOf, renderTargets } from '../../../src/render/render-target.ts';
import { bootGrub } from './boot-grub.ts';
import { fakeKernel } from './fake-kernel.ts';
import { smallRoot } from './small-disk.ts';

const host = makeHost();
const templates = await loadTemplates('templates');
const sealed = ['root.squashfs', 'root.verity', 'vmlinuz', 'initrd.img'] as const;
const version = '20251122-5d5d5d5d5d5d';
let folder: string;
let root: Awaited<ReturnType<typeof smallRoot>>;
let one: string;
let two: string;
let raw: string;

/** Assembles every target in a folder of its own, from copies of the same sealed files with another time. */
async function assemble(name: string, time: Date): Promise<string> {
  const made = join(folder, name);
  await mkdir(made);
  for (const file of sealed) {
    await copyFile(join(folder, file), join(made, file));
    await utimes(join(made, file), time, time);
  }
  await assembleArtifacts(
    host,
    {
      ...{ manifestSha256: root.manifestSha256, epoch: root.epoch, targets: allTargets, version },
      squashfs: join(made, 'root.squashfs'),
      hashTree: join(made, 'root.verity'),
      kernel: join(made, 'vmlinuz'),
      initrd: join(made, 'initrd.img'),
      ...{ grubConfig: 'set timeout=0\n', dataMebibytes: 16 },
      texts: [{ path: 'slot.cfg', content: 'set ingot_version=1\n' }],
      targetTexts: (diskBytes) =>
        renderTargets(
          templates,
          allTargets,
          imageFactsOf(
            { role: 'slave', kernelArguments: ['quiet'] },
            { version, rootHash: 'ab12', memoryMiB: 1220, diskBytes },
          ),
        ),
      folder: made,
      work: join(folder, `${name}-work`, 'disk.raw'),
      signal: new AbortController().signal,
    },
    () => undefined,
  );
  expect(await readdir(join(folder, `${name}-work`))).toEqual([]);
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-forms-'));
  root = await smallRoot(host, folder);
  await writeFile(root.kernel, fakeKernel());
  one = await assemble('one', new Date('2026-01-01T00:00:00Z'));
  two = await assemble('two', new Date());
  raw = join(folder, 'disk.raw');
  await unpackDisk(host, rawDisk, { raw, file: join(one, 'disk.raw.zst') });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const output = async (program: string, ...words: string[]): Promise<string> =>
  (await host.run(program, words)).stdout;

it('two bakes of the same lock give the same bits in every form', async () => {
  const files = await filesBelow(one);
  expect(await filesBelow(two)).toEqual(files);
  for (const file of files)
    expect(await sha256File(join(two, file)), file).toBe(await sha256File(join(one, file)));
});

describe('a VMDK', () => {
  it('is what qemu-img finds no error in, and holds the disk', async () => {
    const file = join(one, 'disk.vmdk');
    expect(await output('qemu-img', 'check', '-f', 'vmdk', file)).toContain('No errors');
    await host.run('qemu-img', ['compare', '-f', 'raw', '-F', 'vmdk', raw, file]);
  });

  it('has a content id of its image, and the extent under its own name', async () => {
    const text = (await readFile(join(one, 'disk.vmdk'))).toString('latin1', 0, 4096);
    expect(text).toMatch(/^KDMV\x03/);
    expect(text).toMatch(/\nCID=[0-9a-f]{8}\nparentCID=ffffffff\n/);
    expect(text).toContain('SPARSE "disk.vmdk"');
  });
});

describe('a VHD', () => {
  it('holds the disk, with its exact size', async () => {
    const file = join(one, 'disk.vhd');
    await host.run('qemu-img', ['compare', '-f', 'raw', '-F', 'vpc', raw, file]);
    const info = JSON.parse(await output('qemu-img', 'info', '--output=json', '-f', 'vpc', file)) as object;
    expect(info).toHaveProperty('virtual-size', (await stat(raw)).size);
  });

  it('has the date and the id of its image, and correct checksums, at both ends', async () => {
    const bytes = await readFile(join(one, 'disk.vhd'));
    const footers = [bytes.subarray(0, 512), bytes.subarray(-512)];
    for (const footer of footers) {
      expect(footer.toString('latin1', 0, 8)).toBe('conectix');
      expect(footer.readUInt32BE(24)).toBe(root.epoch - Date.UTC(2000) / 1000);
      const stated = footer.readUInt32BE(64);
      const zeroed = Buffer.from(footer).fill(0, 64, 68);
      expect(stated).toBe(~zeroed.reduce((sum, byte) => sum + byte, 0) >>> 0);
    }
    expect(footers[0]?.equals(footers[1] ?? Buffer.alloc(0))).toBe(true);
  });
});

describe('an OVA', () => {
  const unpacked = async (): Promise<string> => {
    const to = join(folder, 'ova');
    await mkdir(to, { recursive: true });
    await host.run('tar', ['-xf', join(one, 'ova', 'image.ova'), '-C', to]);
    return to;
  };
  const find = async (ovf: string, path: string): Promise<string> =>
    (await output('xmllint', '--nonet', '--xpath', `string(${path})`, ovf)).trim();
  const named = (name: string, rest = ''): string => `//*[local-name()='${name}'${rest}]`;

  it('is a tar with the descriptor first, the manifest second and the disk last, of no user', async () => {
    const list = await output('tar', '--utc', '--full-time', '-tvf', join(one, 'ova', 'image.ova'));
    const lines = list.trim().split('\n');
    expect(lines.map((line) => line.split(/\s+/).at(-1))).toEqual(['image.ovf', 'image.mf', 'disk.vmdk']);
    for (const line of lines) expect(line).toMatch(/^-rw-r--r-- 0\/0 .* 2025-11-22 00:00:00 /);
  });

  it('has a manifest whose digests are right, and a disk that qemu-img finds no error in', async () => {
    const to = await unpacked();
    const manifest = await readFile(join(to, 'image.mf'), 'utf8');
    const digest = async (name: string) => `SHA256(${name})= ${await sha256File(join(to, name))}\n`;
    expect(manifest).toBe((await digest('image.ovf')) + (await digest('disk.vmdk')));
    expect(await output('qemu-img', 'check', '-f', 'vmdk', join(to, 'disk.vmdk'))).toContain('No errors');
    expect(await readFile(join(to, 'image.ovf'), 'utf8')).toBe(
      await readFile(join(one, 'ova', 'image.ovf'), 'utf8'),
    );
  });

  it('has a descriptor whose references lead to something, with the size of the disk', async () => {
    const ovf = join(await unpacked(), 'image.ovf');
    const at = (path: string): Promise<string> => find(ovf, path);
    expect(await at(`${named('File')}/@*[local-name()='href']`)).toBe('disk.vmdk');
    expect(await at(`${named('Disk')}/@*[local-name()='fileRef']`)).toBe(
      await at(`${named('File')}/@*[local-name()='id']`),
    );
    const disk = await at(`${named('Disk')}/@*[local-name()='diskId']`);
    expect(await at(named('HostResource'))).toBe(`ovf:/disk/${disk}`);
    expect(Number(await at(`${named('Disk')}/@*[local-name()='capacity']`))).toBe((await stat(raw)).size);
    expect(await at(named('Connection'))).toBe(await at(`${named('Network')}/@*[local-name()='name']`));
    const ids = (await output('xmllint', '--xpath', `${named('Item')}${named('InstanceID')}/text()`, ovf))
      .trim()
      .split('\n');
    expect(new Set(ids).size).toBe(ids.length);
    for (const parent of (
      await output('xmllint', '--xpath', `${named('Item')}${named('Parent')}/text()`, ovf)
    )
      .trim()
      .split('\n'))
      expect(ids).toContain(parent);
  });

  it('has the elements of each item in the order of the alphabet, as the schema of CIM wants them', async () => {
    const text = await readFile(join(one, 'ova', 'image.ovf'), 'utf8');
    const items = text.match(/<Item[\s\S]*?<\/Item>/g) ?? [];
    expect(items.length).toBeGreaterThan(5);
    for (const item of items) {
      const names = [...item.matchAll(/<rasd:(\w+)>/g)].map((match) => match[1] ?? '');
      expect(names).toEqual([...names].sort());
      for (const needed of ['ElementName', 'InstanceID', 'ResourceType']) expect(names).toContain(needed);
    }
  });
});

describe('an image of MAAS', () => {
  it('is a gzip file without a name or a time, of the disk and the folder of the installer', async () => {
    const file = join(one, 'maas', 'disk.dd.gz');
    const head = (await readFile(file)).subarray(0, 8);
    expect([...head]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    await host.run('gzip', ['--test', file]);
    const disk = join(folder, 'maas.raw');
    const { unpack } = allTargets.find(({ name }) => name === 'maas')?.disks[0] ?? {};
    await unpackDisk(host, { unpack: unpack ?? (() => []) }, { raw: disk, file });
    expect((await stat(disk)).size).toBe((await stat(raw)).size);
    const hook = await output('mtype', '-i', `${disk}@@2M`, '::/curtin/curtin-hooks');
    expect(hook).toBe(await readFile(join(one, 'maas', 'curtin-hooks'), 'utf8'));
  });

  it('leaves nothing of the installer on the boot partition after it ran', async () => {
    const target = join(folder, 'target');
    await mkdir(join(target, 'curtin'), { recursive: true });
    await copyFile(join(one, 'maas', 'curtin-hooks'), join(target, 'curtin', 'curtin-hooks'));
    await writeFile(join(target, 'kept'), '');
    const hook = join(target, 'curtin', 'curtin-hooks');
    await host.run('sh', [hook], { env: { TARGET_MOUNT_POINT: target } });
    expect(await readdir(target)).toEqual(['kept']);
    // Without a target it removes nothing.
    await expect(host.run('sh', [join(one, 'maas', 'curtin-hooks')])).rejects.toThrow();
  });

  it('is described as MAAS wants it', async () => {
    const text = await readFile(join(one, 'maas', 'boot-resource.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      name: `custom/ingot-slave-${version}`,
      title: 'slave node of a Mesos cluster, root hash ab12',
      architecture: 'amd64/generic',
      filetype: 'ddgz',
    });
  });
});

describe('an ISO', () => {
  it.each([
    ['BIOS', 'a CD'],
    ['BIOS', 'a disk'],
    ['UEFI', 'a CD'],
    ['UEFI', 'a disk'],
  ] as const)('boots by %s as %s', async (firmware, as) => {
    const line = [
      'boot=ingot ingot.medium=INGOT-20251122-5D5D5D5D5D5D ingot.roothash=ab12 ingot.memory=1220',
      `ingot.version=${version} console=tty0 console=ttyS0,115200n8 panic=30 quiet`,
    ].join(' ');
    const copy = join(folder, `${firmware}-${as.slice(2)}.iso`);
    await copyFile(join(one, 'iso', 'boot.iso'), copy);
    const screen = await bootGrub(host, firmware, copy, as === 'a CD' ? 'cdrom' : 'disk');
    expect(/boot=ingot .*/.exec(screen)?.[0] ?? screen).toBe(line);
  });

  it('has the files of the version and the label by which the initrd finds it', async () => {
    const file = join(one, 'iso', 'boot.iso');
    expect(await output('blkid', '-p', '-o', 'value', '-s', 'LABEL', file)).toBe(
      'INGOT-20251122-5D5D5D5D5D5D\n',
    );
    const to = join(folder, 'iso');
    await host.run('xorriso', ['-no_rc', '-osirrox', 'on', '-indev', file, '-extract', '/ingot', to]);
    for (const name of sealed)
      expect(await sha256File(join(to, name)), name).toBe(await sha256File(join(one, name)));
  });
});
