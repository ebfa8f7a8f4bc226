import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { PackageGroup } from '../inputs/lock/lock.ts';
import type { LockAndPool } from '../inputs/lock/lock-and-pool.ts';
import type { Plan, Role, RolePlan } from '../inputs/plan/plan.ts';
import type { Templates } from '../render/templates.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { BakeStages, RoleStages } from './cache/bake-stages.ts';
import type { Stage } from './cache/stage.ts';
import type { StageCache } from './cache/stage-cache.ts';
import type { BakeEvent } from './packer/events.ts';
import type { RestoredStages } from './restore-stages.ts';
import type { StageTimes } from './stage-times.ts';

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

/** What all stages of one bake are handed. */
export interface Making {
  readonly host: Host;
  readonly request: MakeRequest;
  readonly templates: Templates;
  readonly run: RunFolder;
  readonly times: StageTimes;
  readonly cache: StageCache;
  readonly stages: BakeStages;
  readonly restored: RestoredStages;
}

/** A role of a bake: what is planned for it, and the keys of its stages. */
export interface MakingRole {
  readonly plan: RolePlan;
  readonly stages: RoleStages;
}

/** The roles of a bake, without those that are in the store as they would be made. */
export function rolesOf({ request, stages, restored }: Making): MakingRole[] {
  return request.plan.roles.flatMap((plan) => {
    const own = stages.roles.find(({ role }) => role === plan.role);
    if (own === undefined || restored.verdicts.get(own.verification) === 'idle') return [];
    return [{ plan, stages: own }];
  });
}

/** Whether a stage has to be made. */
export function runs({ restored }: Making, stage: Stage): boolean {
  return restored.verdicts.get(stage) === 'runs';
}
