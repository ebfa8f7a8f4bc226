import type { Target } from './target.ts';
import { vmdkDisk } from './vmdk.ts';

const member = 'disk.vmdk';

/** RAM in MiB of a new machine: what the role needs, and what a small cluster runs with, in steps of 256 MiB. */
function machineMiB(memoryMiB: number): number {
  return Math.max(2048, Math.ceil(memoryMiB / 256) * 256);
}

/**
 * A virtual machine as one file: descriptor, manifest and disk (DMTF DSP0243, "Open Virtualization Format
 * Specification" 1.1.0). Controller and network card are those that both kernels have drivers for.
 */
export const ova = {
  name: 'ova',
  description: 'a virtual machine for vSphere, as one file',
  texts: {
    folder: 'ova',
    templates: 'ova',
    names: ['image.ovf'],
    withRootHash: [],
    values: ({ title, version, role, rootHash, diskBytes, memoryMiB }) => ({
      ...{ title, version, diskBytes, member },
      description: `${role} node of a Mesos cluster, root hash ${rootHash}`,
      memoryMiB: machineMiB(memoryMiB),
    }),
  },
  disks: [
    {
      ...vmdkDisk,
      path: 'ova/image.ova',
      container: { kind: 'ova', member },
      unpack: (file, raw) => [
        ['tar', '-xf', file, '-C', folderOf(raw), member],
        ...vmdkDisk.unpack(`${folderOf(raw)}/${member}`, raw),
        ['rm', '-f', `${folderOf(raw)}/${member}`],
      ],
    },
  ],
  links: {},
} as const satisfies Target;

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
