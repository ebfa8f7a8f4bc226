import { createHash } from 'node:crypto';

/** What a root hash identifies in addition to its root. */
export interface BoundBoot {
  /** SHA-256 of vmlinuz, 64 hexadecimal digits. */
  readonly kernelSha256: string;
  /** SHA-256 of initrd.img. */
  readonly initrdSha256: string;
  /** The text of slot.cfg with `noRootHash` in place of its root hash. */
  readonly slotConfig: string;
}

/** The placeholder for the root hash in a slot.cfg, whose digest is needed before the root hash is known. */
export const noRootHash = '0'.repeat(64);

/**
 * Calculates the salt of a root's hash tree, hexadecimal, from the digests of kernel, initrd and slot.cfg. The root
 * hash is the digest of the salt and the tree's top block, so it identifies these three as well
 * (node-tools/ingot_node/drift/boot/hash_tree.py reads them back).
 */
export function veritySalt({ kernelSha256, initrdSha256, slotConfig }: BoundBoot): string {
  return kernelSha256 + initrdSha256 + createHash('sha256').update(slotConfig).digest('hex');
}
