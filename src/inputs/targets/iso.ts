import type { Target } from './target.ts';

/** Returns the label of the ISO of a version, at most 32 characters (ECMA-119, 8.4.7). */
function labelOf(version: string): string {
  return `INGOT-${version.toUpperCase()}`;
}

/**
 * An ISO for the virtual media of a BMC, for machines without DHCP: kernel, initrd, root and hash tree, with GRUB for
 * BIOS and UEFI, as a CD or as a USB disk. The node runs from memory, so the medium can be removed after the boot.
 */
export const iso = {
  name: 'iso',
  description: 'an ISO for the virtual media of a BMC',
  texts: {
    folder: 'iso',
    templates: 'iso',
    names: ['grub.cfg'],
    withRootHash: ['grub.cfg'],
    values: ({ title, version, rootHash, memoryMiB, kernelArguments }) => ({
      title,
      label: labelOf(version),
      bootArguments: [
        `ingot.medium=${labelOf(version)}`,
        `ingot.roothash=${rootHash}`,
        `ingot.memory=${memoryMiB}`,
      ],
      kernelArguments,
    }),
  },
  disks: [],
  medium: { path: 'iso/boot.iso', grubConfig: 'iso/grub.cfg', label: labelOf },
  links: {},
} as const satisfies Target;
