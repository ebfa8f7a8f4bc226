import type { ContainerFaults } from './model-containers.ts';

/** How a model differs from a sound cluster. */
export interface Faults extends ContainerFaults {
  /** It has no scheduler, so no Marathon; this is not a fault. */
  readonly withoutScheduler?: boolean;
  /** A leader that is cut off continues to lead, and can write. */
  readonly splitBrain?: boolean;
  /** Masters elect without a majority. */
  readonly noQuorum?: boolean;
  /** Masters take no part in the election: each leads itself, as without --zk. */
  readonly eachLeads?: boolean;
  /** A new leader of Marathon does not know the apps. */
  readonly losesApps?: boolean;
  /** A restart gives another machine-id. */
  readonly forgetsIdentity?: boolean;
  /** An agent gets another id with every new leader. */
  readonly losesAgents?: boolean;
  /** A master that returns becomes the leader. */
  readonly usurps?: boolean;
  /** A new disk has the content of the old one. */
  readonly keepsDisk?: boolean;
  /** No agent has a process of the app. */
  readonly runsNothing?: boolean;
  /** A node whose root the kernel does not verify. */
  readonly unverified?: boolean;
  /** A service of the second slave restarts again and again. */
  readonly restarts?: boolean;
  /** The findings of `ingot-drift` on the second slave. */
  readonly drifted?: {
    readonly path: string;
    readonly class: string;
    readonly kind: string;
    readonly hint: string;
  };
  /** The second slave reports another digest, without drift. */
  readonly otherDigest?: boolean;
  /** An agent registers only this many seconds after the other services of its node answer. */
  readonly agentLateSeconds?: number;
  /** Facts in the inventory of the second slave that the first does not have. */
  readonly extraFact?: string;
}
