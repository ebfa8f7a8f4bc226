import { createHash } from 'node:crypto';

/** What a root hash is to stand for besides its root. */
export interface BoundBoot {
  /** SHA-256 of vmlinuz, 64 hexadecimal digits. */
  readonly kernelSha256: string;
  /** SHA-256 of initrd.img. */
  readonly initrdSha256: string;
  /** The text of slot.cfg with `noRootHash` for its root hash. */
  readonly slotConfig: string;
}

/** Stands for the root hash in a slot.cfg whose digest has to be known before it. */
export const noRootHash = '0'.repeat(64);

/**
 * The salt of a root's hash tree, hexadecimal: the digests of kernel, initrd and slot.cfg. The root hash is the digest of the salt and the tree's top
 * block, so it stands for these three as well (node-tools/ingot_node/drift/boot/hash_tree.py reads them back).
 */
export function veritySalt({ kernelSha256, initrdSha256, slotConfig }: BoundBoot): string {
  return kernelSha256 + initrdSha256 + createHash('sha256').update(slotConfig).digest('hex');
}
