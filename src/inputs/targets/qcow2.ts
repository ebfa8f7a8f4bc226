import type { Target } from './target.ts';

/**
 * A disk for QEMU, with clusters compressed with zstd (qemu-img(1)). qemu-img never gets -W: writing out of order
 * resulted in three different files in three runs.
 */
export const qcow2 = {
  name: 'qcow2',
  description: 'a disk for QEMU, libvirt and OpenStack',
  disks: [
    {
      path: 'disk.qcow2',
      pack: (raw, file) => [
        ...(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', '-c'] as const),
        ...['-o', 'compression_type=zstd', raw, file],
      ],
    },
  ],
  links: {},
} as const satisfies Target;
