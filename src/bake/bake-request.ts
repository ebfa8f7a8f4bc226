import type { Budget } from '../host/budget.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { PackageGroup } from '../inputs/lock/lock.ts';
import type { LockAndPool } from '../inputs/lock/lock-and-pool.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import type { StageTurn } from './cache/stage-claims.ts';
import type { BakeEvent } from './packer/events.ts';

/** What a bake does with one of its stages. */
export interface DecidedStage {
  readonly name: string;
  /** null for what the roles share. */
  readonly role: Role | null;
  /** It is built now; all others are taken from the cache, or not needed because later ones are. */
  readonly runs: boolean;
}

/**
 * Waits as long as a person looks at what failed.
 * @param what what stays meanwhile, in one line
 */
export type Hold = (what: string) => Promise<void>;

/** What a bake reports about itself, besides the progress of its stages. */
export interface BakeWatch {
  /** Takes the absolute folder of its logs as soon as that exists. */
  readonly logs: (folder: string) => void;
  /** Takes what runs and what is in the cache, as soon as that is decided. */
  readonly decided: (stages: readonly DecidedStage[]) => void;
  /** Called when something has failed; what is left of it stays until this returns. */
  readonly hold?: Hold | undefined;
}

/** What to build, from what, and where. */
export interface BuildRequest {
  readonly plan: Plan;
  /** Digest of the spec's file, 64 hexadecimal digits. */
  readonly specSha256: string;
  /** The source of every package; the lock matches the plan. */
  readonly locked: LockAndPool;
  /** Downloads the packages of these groups of the lock into the pool; called before they are unpacked. */
  readonly fillPool: (groups: readonly PackageGroup[], progress: ProgressStage) => Promise<void>;
  /** Only these roles of the plan are built. */
  readonly roles: readonly Role[];
  /** Absolute path of the output store. */
  readonly out: string;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
  readonly signal: AbortSignal;
  /** Make every stage up to the images, so that the cache has them; boot and publish nothing. */
  readonly prepareOnly?: boolean;
  /** Shows Packer's events below a stage. */
  readonly showBake: (stage: ProgressStage) => (event: BakeEvent) => void;
  readonly watch?: BakeWatch;
  /** What this bake and others of the same process take of this host. */
  readonly budget?: Budget | undefined;
  /** What others of the same process make. */
  readonly turn?: StageTurn | undefined;
}
