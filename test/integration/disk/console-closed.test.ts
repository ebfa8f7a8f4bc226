import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeRawDisk } from '../../../src/disk/raw-disk.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { diskIdentifiers } from '../../../src/inputs/plan/disk-identifiers.ts';
import { renderGrub, renderSlot } from '../../../src/render/render-boot.ts';
import type { Firmware } from './boot-grub.ts';
import { fakeKernel } from './fake-kernel.ts';
import { GrubConsole } from './grub-console.ts';
import { smallRoot } from './small-disk.ts';

const host = makeHost();
const templates = await loadTemplates('templates');
let folder: string;
let disk: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-console-'));
  const root = await smallRoot(host, folder);
  await writeFile(root.kernel, fakeKernel());
  const slot = { title: 'ingot-1111', version: '1111', rootHash: '1111', kernelArguments: [] };
  await writeFile(root.slotConfig, renderSlot(templates, slot));
  disk = join(folder, 'disk.raw');
  const grubConfig = renderGrub(templates, diskIdentifiers(root.manifestSha256).fatUuid);
  await makeRawDisk(host, disk, { ...root, grubConfig, dataMebibytes: 16 }, () => undefined);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function consoleOf(firmware: Firmware, name: string, config?: string): Promise<GrubConsole> {
  const copy = join(folder, `${name}-${firmware}.raw`);
  await host.run('cp', ['--sparse=always', disk, copy]);
  if (config !== undefined) {
    await writeFile(join(folder, 'other.cfg'), config);
    await host.run('mcopy', ['-o', '-i', `${copy}@@2M`, join(folder, 'other.cfg'), '::/grub/grub.cfg']);
  }
  const console = await GrubConsole.start(firmware, copy);
  onTestFinished(() => console.end());
  return console;
}

/** Somebody at the console tries names and passwords. */
async function tryToLogIn(console: GrubConsole): Promise<void> {
  await console.until(/Enter username:/);
  console.type('ingot\r');
  await console.until(/Enter password:/);
  console.type('ingot\r');
}

describe.each(['BIOS', 'UEFI'] as const)('at the console of a machine that boots by %s', (firmware) => {
  it('nobody can edit an entry or open a command line, and the entries boot without a password', async () => {
    const console = await consoleOf(firmware, 'menu');
    await console.until(/GNU GRUB/);
    console.type('e');
    await tryToLogIn(console);
    await console.until(/GNU GRUB/);
    console.type('c');
    await tryToLogIn(console);
    const back = await console.until(/GNU GRUB/);
    expect(back).not.toMatch(/setparams|grub>/);
    console.type('\r');
    expect(await console.until(/boot=ingot .*\n/)).toContain('ingot.version=1111');
  });

  it('a disk whose grub.cfg is cut off gives no command line either', async () => {
    // Cut after the serial line: by BIOS, nobody could read the console otherwise.
    const begun =
      'serial --unit=0 --speed=115200\nterminal_input console serial\nterminal_output console serial\n';
    const console = await consoleOf(firmware, 'cut-off', begun);
    await tryToLogIn(console);
    expect(await console.until(/Enter username:/)).not.toMatch(/grub>|grub rescue>/);
  });
});
