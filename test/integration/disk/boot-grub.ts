import { copyFile } from 'node:fs/promises';
import type { Host } from '../../../src/host/host.ts';

export type Firmware = 'BIOS' | 'UEFI';

/**
 * Boots a raw disk, which GRUB may write to, or a CD, until its (fake) kernel ends the machine; returns the serial output
 * without colours.
 */
export async function bootGrub(
  host: Host,
  firmware: Firmware,
  disk: string,
  kind: 'disk' | 'cdrom' = 'disk',
): Promise<string> {
  const variables = `${disk}.vars`;
  if (firmware === 'UEFI') await copyFile('/usr/share/OVMF/OVMF_VARS_4M.fd', variables);
  const uefi = [
    ...['-drive', 'if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd'],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${variables}`],
  ];
  const lines: string[] = [];
  await host.run(
    'qemu-system-x86_64',
    [
      ...['-machine', 'q35', '-accel', 'tcg', '-cpu', 'qemu64', '-m', '256', '-nic', 'none', '-no-reboot'],
      ...[
        '-display',
        'none',
        '-monitor',
        'none',
        '-serial',
        'stdio',
        '-device',
        'isa-debug-exit,iobase=0xf4',
      ],
      ...(firmware === 'UEFI' ? uefi : []),
      ...(kind === 'disk'
        ? ['-drive', `if=virtio,format=raw,file=${disk}`]
        : ['-drive', `media=cdrom,readonly=on,format=raw,file=${disk}`]),
    ],
    // isa-debug-exit: twice the written value, plus one.
    { timeoutMs: 120_000, accept: [0x0a * 2 + 1], onLine: (line) => lines.push(line) },
  );

  return lines.join('\n').replace(/\u001b\[[0-9;?=]*[A-Za-z]/g, '');
}
