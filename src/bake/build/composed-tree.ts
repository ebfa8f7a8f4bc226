import type { RolePlan } from '../../inputs/plan/plan.ts';
import type { ComposedRole } from '../compose/finish-tree.ts';

/** The tree of a role, ready for Packer. */
export interface ComposedTree extends ComposedRole {
  /** Absolute path of the squashfs that Packer boots. */
  readonly disk: string;
  /** The names of kernel and initrd in the tree's /boot, if the tree is not unpacked yet. */
  readonly packed?: { readonly kernel: string; readonly initrd: string };
}

/** A role whose build guest has to be booted. */
export interface GuestRole {
  readonly role: RolePlan;
  readonly composed: ComposedTree;
}
