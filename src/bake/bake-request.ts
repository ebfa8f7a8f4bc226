import type { ProgressStage } from '../host/progress-stage.ts';
import type { PackageGroup } from '../inputs/lock/lock.ts';
import type { LockAndPool } from '../inputs/lock/lock-and-pool.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import type { BakeEvent } from './packer/events.ts';

/** What is to be made, of what, where. */
export interface MakeRequest {
  readonly plan: Plan;
  /** Digest of the spec's file, 64 hexadecimal digits. */
  readonly specSha256: string;
  /** What every package is taken from; the lock answers the plan. */
  readonly locked: LockAndPool;
  /** Brings into the pool what these groups of the lock need; called before they are unpacked. */
  readonly fillPool: (groups: readonly PackageGroup[], progress: ProgressStage) => Promise<void>;
  /** Only these roles of the plan. */
  readonly roles: readonly Role[];
  /** Absolute path of the output store. */
  readonly out: string;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
  readonly signal: AbortSignal;
  /** Shows the events of Packer below a stage. */
  readonly showBake: (stage: ProgressStage) => (event: BakeEvent) => void;
}
