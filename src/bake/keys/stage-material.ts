import type { Lock } from '../../inputs/lock/lock.ts';
import type { Plan, Role } from '../../inputs/plan/plan.ts';
import type { Inputs } from '../cache/keyed-stage.ts';

/** Stage → digest of each text that is rendered for it, "rendered PATH" → digest: whatever a text is made of, it cannot change without the key. */
export type RenderedInputs = Readonly<Record<string, Inputs>>;

/** All that the keys of a bake are made of, as values. */
export interface StageMaterial {
  readonly plan: Plan;
  readonly lock: Lock;
  /** Only these roles of the plan. */
  readonly roles: readonly Role[];
  /** How the disk of each role is booted for its boot test. */
  readonly firmware: Readonly<Record<Role, string>>;
  /** ingot's own folder, absolute: the plan's paths of images/ are below it. */
  readonly project: string;
  /** Every file of images/ and templates/: path below the project → whether it can be executed, and its digest. */
  readonly files: ReadonlyMap<string, string>;
  /** Debian package of a program → its version on this host. */
  readonly programs: Readonly<Record<string, string>>;
  /** Digest of ingot's own code. */
  readonly code: string;
  /** What is rendered for the stages of each role, with what only a bake brings along left open. */
  readonly rendered: Readonly<Partial<Record<Role, RenderedInputs>>>;
  /** Version of Node.js, which writes some of the files. */
  readonly node: string;
  /** What the master's disk of the store is, when a slave is baked alone: the key of its stage, or its digest. */
  readonly storedMaster?: string;
}
