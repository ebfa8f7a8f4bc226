import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleDisk } from '../../../src/assemble/disk.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { diskIdentifiers } from '../../../src/plan/disk-identifiers.ts';
import { smallRoot } from './small-disk.ts';

const host = makeHost();
let folder: string;
let disk: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-firmware-'));
  const root = await smallRoot(host, folder);
  const { fatUuid } = diskIdentifiers(root.manifestSha256);
  // No kernel: GRUB itself says that it started, read its configuration, and found the partition by its identifier.
  const grubConfig = `serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
search --no-floppy --fs-uuid --set=found ${fatUuid}
echo "GRUB on $grub_platform reads:"
cat ($found)/vmlinuz
if [ "$found" = "$root" ]; then echo "from its own disk"; fi
halt
`;
  disk = join(folder, 'disk.qcow2');
  await assembleDisk(host, { ...root, grubConfig, outFile: disk }, () => undefined);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Boots until GRUB halts the machine, and gives what came over the serial line. */
async function bootToGrub(firmware: readonly string[]): Promise<string> {
  const machine = [
    '-machine',
    'q35',
    '-accel',
    'tcg',
    '-cpu',
    'qemu64',
    '-m',
    '256',
    '-nic',
    'none',
    '-no-reboot',
  ];
  const console = ['-display', 'none', '-monitor', 'none', '-serial', 'stdio'];
  const drive = ['-drive', `if=virtio,format=qcow2,snapshot=on,file=${disk}`];
  const args = [...machine, ...console, ...firmware, ...drive];
  let seen = '';
  const stop = new AbortController();
  const running = host.run('qemu-system-x86_64', args, {
    timeoutMs: 90_000,
    signal: stop.signal,
    onLine: (line) => {
      seen += `${line}\n`;
      // Not every firmware can switch the machine off for GRUB.
      if (line.includes('from its own disk')) stop.abort();
    },
  });
  await running.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return seen;
}

describe('the disk of an image', () => {
  it('starts by BIOS', async () => {
    const console = await bootToGrub([]);
    expect(console).toContain('GRUB on pc reads:');
    expect(console).toContain('the-kernel');
    expect(console).toContain('from its own disk');
  });

  it('starts by UEFI', async () => {
    const variables = join(folder, 'vars.fd');
    await copyFile('/usr/share/OVMF/OVMF_VARS_4M.fd', variables);
    const console = await bootToGrub([
      ...['-drive', 'if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd'],
      ...['-drive', `if=pflash,unit=1,format=raw,file=${variables}`],
    ]);
    expect(console).toContain('GRUB on efi reads:');
    expect(console).toContain('the-kernel');
    expect(console).toContain('from its own disk');
  });
});
