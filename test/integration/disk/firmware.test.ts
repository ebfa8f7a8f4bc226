import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRawDisk } from '../../../src/disk/raw-disk.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { diskIdentifiers } from '../../../src/inputs/plan/disk-identifiers.ts';
import { renderGrub, renderSlot } from '../../../src/render/render-boot.ts';
import { bootGrub } from './boot-grub.ts';
import { fakeKernel } from './fake-kernel.ts';
import { smallRoot } from './small-disk.ts';

const host = makeHost();
const templates = await loadTemplates('templates');
const firmwares = ['BIOS', 'UEFI'] as const;
/** The boot partition begins at the second MiB. */
const bootPartition = '@@2M';
let folder: string;
let disk: string;
let espId: string;
let made = 0;

const slotText = (version: string) =>
  renderSlot(templates, {
    title: `ingot-${version}`,
    version,
    rootHash: version.repeat(8),
    kernelArguments: [],
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-firmware-'));
  const root = await smallRoot(host, folder);
  await writeFile(root.kernel, fakeKernel());
  await writeFile(root.slotConfig, slotText('1111'));
  await writeFile(join(folder, 'slot-b.cfg'), slotText('2222'));
  espId = diskIdentifiers(root.manifestSha256).fatUuid;
  disk = join(folder, 'disk.raw');
  const options = { ...root, grubConfig: renderGrub(templates, espId), dataMebibytes: 16 };
  await makeRawDisk(host, disk, options, () => undefined);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * A copy of the disk of an updated node: slot b also contains a version, and GRUB's environment has the given content.
 */
async function updatedDisk(environment: readonly string[], gone: readonly string[] = []): Promise<string> {
  const copy = join(folder, `copy-${(made += 1)}.raw`);
  await host.run('cp', ['--sparse=always', disk, copy]);
  const image = `${copy}${bootPartition}`;
  const copies = { 'slot-b.cfg': '/b/slot.cfg', vmlinuz: '/b/vmlinuz', 'initrd.img': '/b/initrd.img' };
  for (const [from, to] of Object.entries(copies))
    await host.run('mcopy', ['-i', image, join(folder, from), `::${to}`]);
  const block = join(folder, 'grubenv');
  await host.run('mcopy', ['-n', '-o', '-i', image, '::/grub/grubenv', block]);
  await host.run('grub-editenv', [block, 'set', ...environment]);
  await host.run('mcopy', ['-o', '-i', image, block, '::/grub/grubenv']);
  for (const path of gone) await host.run('mdel', ['-i', image, `::${path}`]);
  return copy;
}

async function environmentOf(copy: string): Promise<string[]> {
  const block = join(folder, 'grubenv-read');
  await host.run('mcopy', ['-n', '-o', '-i', `${copy}${bootPartition}`, '::/grub/grubenv', block]);
  const { stdout } = await host.run('grub-editenv', [block, 'list']);
  return stdout.trim().split('\n');
}

/** The command line that the kernel received. */
async function commandLine(firmware: (typeof firmwares)[number], copy: string): Promise<string> {
  const console = await bootGrub(host, firmware, copy);
  return /boot=ingot .*/.exec(console)?.[0] ?? console;
}

const line = (slot: 'a' | 'b', more = ''): string => {
  const version = slot === 'a' ? '1111' : '2222';
  return `boot=ingot ingot.esp=${espId} ingot.slot=${slot} ingot.roothash=${version.repeat(8)} ingot.version=${version} console=tty0 console=ttyS0,115200n8 panic=30${more}`;
};
const trying = ' ingot.trying=1 panic=30';

describe.each(firmwares)('by %s a disk', (firmware) => {
  const boot = (copy: string) => commandLine(firmware, copy);

  it('that is new boots slot a, with the ESP, the slot and the arguments of its image', async () => {
    const copy = join(folder, `new-${firmware}.raw`);
    await host.run('cp', ['--sparse=always', disk, copy]);
    expect(await boot(copy)).toBe(line('a'));
    expect(await environmentOf(copy)).toEqual(['ingot_slot=a', 'ingot_try=', 'ingot_tried=']);
  });

  it('boots slot b when it is the confirmed slot', async () => {
    expect(await boot(await updatedDisk(['ingot_slot=b']))).toBe(line('b'));
  });

  it('tries a slot once, and boots the confirmed one the next time', async () => {
    const copy = await updatedDisk(['ingot_slot=a', 'ingot_try=b']);
    expect(await boot(copy)).toBe(line('b', trying));
    expect(await environmentOf(copy)).toEqual(['ingot_slot=a', 'ingot_try=', 'ingot_tried=b']);
    expect(await boot(copy)).toBe(line('a'));
  });

  it('boots the other slot when the kernel of the confirmed one cannot be loaded', async () => {
    expect(await boot(await updatedDisk(['ingot_slot=a'], ['/a/vmlinuz']))).toBe(line('b'));
  });

  it('boots the confirmed slot when the slot to try is not complete', async () => {
    const copy = await updatedDisk(['ingot_slot=a', 'ingot_try=b'], ['/b/slot.cfg']);
    expect(await boot(copy)).toBe(line('a'));
    expect(await environmentOf(copy)).toEqual(['ingot_slot=a', 'ingot_try=', 'ingot_tried=b']);
  });

  it('boots slot a when its environment contains nonsense', async () => {
    expect(await boot(await updatedDisk(['ingot_slot=c', 'ingot_try=../x']))).toBe(line('a'));
  });
});
