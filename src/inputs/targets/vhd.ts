import type { Target } from './target.ts';

/**
 * A dynamic VHD for Hyper-V and XenServer (Microsoft, "Virtual Hard Disk Image Format Specification"). Without
 * force_size qemu-img rounds the size up to whole cylinders, and the second partition table would not be at the end of
 * the disk. qemu-img chooses its id at random, and writes the time.
 */
export const vhd = {
  name: 'vhd',
  description: 'a disk for Hyper-V and XenServer',
  disks: [
    {
      path: 'disk.vhd',
      pack: (raw, file) => [
        ...(['qemu-img', 'convert', '-f', 'raw', '-O', 'vpc'] as const),
        ...['-o', 'subformat=dynamic,force_size=on', raw, file],
      ],
      unpack: (file, raw) => [['qemu-img', 'convert', '-f', 'vpc', '-O', 'raw', file, raw]],
      identifiers: 'vhd',
    },
  ],
  links: {},
} as const satisfies Target;
