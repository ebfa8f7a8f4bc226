import { renderFrom, type Templates } from './templates.ts';

export interface GrubContext {
  /** What the menu shows, one word, as in ingot-master-20261122. */
  readonly title: string;
  readonly version: string;
  /** The ESP's FAT volume id in GRUB's and blkid's form: ABCD-1234. */
  readonly espId: string;
  /** dm-verity root hash, lower-case hex. */
  readonly rootHash: string;
  /** The role's own kernel arguments. */
  readonly kernelArguments: readonly string[];
}

/** grub.cfg for the ESP, which also holds /vmlinuz and /initrd.img. Throws an IngotError for arguments that GRUB would change. */
export function renderGrub(templates: Templates, context: GrubContext): string {
  return renderFrom(templates, 'boot/grub.cfg.hbs', {
    ...context,
    kernelArguments: [
      'boot=ingot',
      `ingot.roothash=${context.rootHash}`,
      `ingot.version=${context.version}`,
      `ingot.esp=${context.espId}`,
      'console=tty0',
      'console=ttyS0,115200n8',
      'panic=30',
      ...context.kernelArguments,
    ],
  });
}
