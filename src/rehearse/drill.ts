import type { SeedSettings } from '../inputs/plan/seed-settings.ts';
import type { Cluster } from './cluster.ts';

/** How large the cluster of a rehearsal is. */
export interface ClusterSize {
  readonly masters: number;
  readonly slaves: number;
}

/** What decides which drills can be done. */
export interface DrillGround extends ClusterSize {
  /** The scheduler of the images that are rehearsed: marathon or none. */
  readonly scheduler: string;
  /** What the seed of the cluster sets beyond its masters. */
  readonly settings: SeedSettings;
}

export interface DrillResult {
  /** What was seen, in one line. */
  readonly saw: string;
  /** More of it, as a table that ends with a line end. */
  readonly table?: string;
}

/** Something that a cluster has to stand, and the proof that it does. */
export interface Drill {
  readonly name: string;
  /** What it proves, in one line. */
  readonly proves: string;
  /** Whether it belongs to the quick rehearsal. */
  readonly quick: boolean;
  /** Why it cannot be done with such a cluster; undefined if it can. */
  readonly cannot?: (ground: DrillGround) => string | undefined;
  /**
   * Leaves the cluster healthy.
   * @throws IngotError node-failed otherwise
   */
  readonly run: (cluster: Cluster) => Promise<DrillResult>;
}
