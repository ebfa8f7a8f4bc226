import type { Share } from '../../host/budget.ts';
import type { Host } from '../../host/host.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import type { Plan, Role } from '../../inputs/plan/plan.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { CacheEntry } from '../cache/entry.ts';
import type { RoleDescription, SharedDescription } from '../keys/stage-description.ts';

/** The place where a stage works, and where it shows its progress. */
export interface StageWorkspace {
  readonly host: Host;
  readonly plan: Plan;
  /** null for a stage of several roles. */
  readonly role: Role | null;
  readonly run: RunFolder;
  readonly signal: AbortSignal;
  readonly progress: ProgressStage;
  /** Records how long a part of the stage took, in seconds. */
  readonly took: (part: string, seconds: number) => void;
}

/** A stage that was taken from the cache. */
export interface RestoredStage {
  /** Absolute folder with its files. */
  readonly folder: string;
  readonly meta: CacheEntry['meta'];
}

/** What the cache stores of a stage. */
export interface KeptStage {
  /** Name → absolute path. */
  readonly files: Readonly<Record<string, string>>;
  readonly meta: CacheEntry['meta'];
}

/**
 * How a stage runs, is stored and is restored. Modules that only running needs are loaded when it runs, because often
 * only the keys are needed.
 */
interface StageBase<Output> {
  /** The name of its time in the report; for a single role the role is appended: "unpack master". */
  readonly title: string;
  /** Its own line of the progress display; without one its notes appear on the line of its role. */
  readonly line?: string;
  /** What it takes of this host, where several bakes divide it; default: one processor and 1 GiB. */
  readonly takes?: (plan: Plan, roles: readonly Role[]) => Share;
  /** Returns its output from files that were taken from the cache. */
  readonly restore: (stage: RestoredStage, work: StageWorkspace) => Output | Promise<Output>;
  /** Returns what the cache stores; not called without a cache. */
  readonly keep: (output: Output, work: StageWorkspace) => KeptStage | Promise<KeptStage>;
  /**
   * The next stage changes this stage's output, so `keep` has to end before it begins. Otherwise the bake continues
   * meanwhile.
   */
  readonly keepFirst?: true;
}

/** A stage that runs by itself, once or for each role. */
export type StageDefinition<Given, Output> = (SharedDescription | RoleDescription) &
  StageBase<Output> & {
    /**
     * @param given its input; it has no other
     */
    readonly make: (given: Given, work: StageWorkspace) => Promise<Output>;
  };

/** A stage that runs for several roles together. */
export type JointStageDefinition<Given, Output> = RoleDescription &
  StageBase<Output> & {
    /** Returns one output for each input, in the same order. */
    readonly makeTogether: (given: readonly Given[], work: StageWorkspace) => Promise<readonly Output[]>;
  };
