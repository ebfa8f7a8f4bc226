import { join } from 'node:path';
import type { DiskOptions } from '../../../src/disk/raw-disk.ts';
import type { Host } from '../../../src/host/host.ts';

/** Files in place of a sealed root, small and different from one another, in `folder`. */
export async function smallRoot(
  host: Host,
  folder: string,
): Promise<Omit<DiskOptions, 'grubConfig' | 'signal'>> {
  await host.run('sh', [
    '-euc',
    'cd "$1"; head -c 3000000 /dev/urandom > root.squashfs; echo tree > root.verity; echo the-kernel > vmlinuz; echo the-initrd > initrd.img; echo > slot.cfg',
    'sh',
    folder,
  ]);
  return {
    squashfs: join(folder, 'root.squashfs'),
    hashTree: join(folder, 'root.verity'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
    slotConfig: join(folder, 'slot.cfg'),
    manifestSha256: '5d'.repeat(32),
    epoch: Date.UTC(2025, 10, 22) / 1000,
  };
}
