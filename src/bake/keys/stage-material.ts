import type { Lock } from '../../inputs/lock/lock.ts';
import type { Plan, Role } from '../../inputs/plan/plan.ts';
import type { Inputs } from '../cache/keyed-stage.ts';

/**
 * Stage → "rendered PATH" → digest of each text rendered for it. Whatever a text is rendered from, it cannot change
 * without changing the key.
 */
export type RenderedInputs = Readonly<Record<string, Inputs>>;

/** All inputs of the keys of a bake, as values. */
export interface StageMaterial {
  readonly plan: Plan;
  readonly lock: Lock;
  /** Only these roles of the plan. */
  readonly roles: readonly Role[];
  /** The firmware that boots the disk of each role in its boot test. */
  readonly firmware: Readonly<Record<Role, string>>;
  /** ingot's own folder, absolute: the plan's paths of images/ are below it. */
  readonly project: string;
  /** Every file of images/ and templates/: path below the project → its digest and whether it is executable. */
  readonly files: ReadonlyMap<string, string>;
  /** Debian package of a program → its version on this host. */
  readonly programs: Readonly<Record<string, string>>;
  /** Digest of ingot's own code. */
  readonly code: string;
  /** The texts rendered for the stages of each role, with placeholders for values that are known only during a bake. */
  readonly rendered: Readonly<Partial<Record<Role, RenderedInputs>>>;
  /** Version of Node.js, which writes some of the files. */
  readonly node: string;
  /**
   * Identifies the master's disk in the store when a slave is baked without a master: the key of its stage, or its
   * digest.
   */
  readonly storedMaster?: string;
}
