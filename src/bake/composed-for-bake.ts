import type { RolePlan } from '../inputs/plan/plan.ts';
import type { ComposedRole } from './compose/finish-tree.ts';

/** A role that is ready for Packer. */
export interface ComposedForBake {
  readonly role: RolePlan;
  readonly composed: ComposedRole;
  /** Absolute path of the squashfs that Packer boots. */
  readonly disk: string;
}
