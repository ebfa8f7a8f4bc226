import type { DiskFile, Target } from './target.ts';

/**
 * A stream-optimized VMDK: the only form that ESXi imports and an OVA may contain (VMware, "Virtual Disk Format 5.0").
 * qemu-img chooses its content id at random.
 */
export const vmdkDisk = {
  path: 'disk.vmdk',
  pack: (raw, file) => [
    ...(['qemu-img', 'convert', '-f', 'raw', '-O', 'vmdk'] as const),
    ...['-o', 'subformat=streamOptimized,adapter_type=lsilogic,hwversion=13', raw, file],
  ],
  unpack: (file, raw) => [['qemu-img', 'convert', '-f', 'vmdk', '-O', 'raw', file, raw]],
  identifiers: 'vmdk',
} as const satisfies DiskFile;

/** A disk for VMware. */
export const vmdk = {
  name: 'vmdk',
  description: 'a disk for VMware',
  disks: [vmdkDisk],
  links: {},
} as const satisfies Target;
