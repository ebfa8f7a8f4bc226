import type { Host } from '../../host/host.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import type { Plan, Role } from '../../inputs/plan/plan.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import type { CacheEntry } from '../cache/entry.ts';
import type { RoleDescription, SharedDescription } from '../keys/stage-description.ts';

/** Where a stage works, and where it says how far it is. */
export interface Workplace {
  readonly host: Host;
  readonly plan: Plan;
  /** null for a stage of several roles. */
  readonly role: Role | null;
  readonly run: RunFolder;
  readonly signal: AbortSignal;
  readonly progress: ProgressStage;
  /** Notes how long a part of the stage took, in seconds. */
  readonly took: (part: string, seconds: number) => void;
}

/** A stage that was taken from the cache. */
export interface RestoredStage {
  /** Absolute folder in which its files are. */
  readonly folder: string;
  readonly meta: CacheEntry['meta'];
}

/** What the cache keeps of a stage. */
export interface KeptStage {
  /** Name → absolute path. */
  readonly files: Readonly<Record<string, string>>;
  readonly meta: CacheEntry['meta'];
}

/** How a stage is made, kept and taken again; what only making needs is loaded when it is made, since keys are often all that is asked for. */
interface Made<Output> {
  /** What its time is called in the report; that of a single role has the role's name behind it: "unpack master". */
  readonly title: string;
  /** Its own line of the progress display; without one its notes appear on the line of its role. */
  readonly line?: string;
  /** Its output, where its files were taken from the cache. */
  readonly restore: (there: RestoredStage, work: Workplace) => Output | Promise<Output>;
  /** What the cache is given; not called without a cache. */
  readonly keep: (output: Output, work: Workplace) => KeptStage | Promise<KeptStage>;
  /** The next stage changes what this one made: `keep` has to end before it begins. Otherwise the bake goes on meanwhile. */
  readonly keepFirst?: true;
}

/** A stage that is made by itself, once or for each role. */
export type StageDefinition<Given, Output> = (SharedDescription | RoleDescription) &
  Made<Output> & {
    /** @param given what it is made from; nothing else is known to it */
    readonly make: (given: Given, work: Workplace) => Promise<Output>;
  };

/** A stage that is made for several roles at once. */
export type JointStageDefinition<Given, Output> = RoleDescription &
  Made<Output> & {
    /** Gives an output for each that is given, in the same order. */
    readonly makeTogether: (given: readonly Given[], work: Workplace) => Promise<readonly Output[]>;
  };
