import type { Target } from './target.ts';

/** Files for a server that machines boot from: kernel, initrd, root and hash tree, with scripts for iPXE and GRUB. */
export const netboot = {
  name: 'netboot',
  description: 'files for a server that boots machines over the network',
  texts: {
    folder: 'netboot',
    templates: 'netboot/version',
    names: ['boot.ipxe', 'grub.cfg'],
    withRootHash: ['boot.ipxe', 'grub.cfg'],
    values: ({ title, rootHash, memoryMiB, kernelArguments }) => ({
      title,
      bootArguments: [`ingot.roothash=${rootHash}`, `ingot.memory=${memoryMiB}`],
      kernelArguments,
    }),
  },
  disks: [],
  links: {
    'netboot/vmlinuz': 'vmlinuz',
    'netboot/initrd.img': 'initrd.img',
    'netboot/root.squashfs': 'root.squashfs',
    'netboot/root.verity': 'root.verity',
  },
} as const satisfies Target;
