import type { SeedSettings } from '../inputs/plan/seed-settings.ts';
import type { Cluster } from './cluster.ts';

/** The size of a rehearsal's cluster. */
export interface ClusterSize {
  readonly masters: number;
  readonly slaves: number;
}

/** The properties of a cluster that decide which drills it can do. */
export interface ClusterProperties extends ClusterSize {
  /** The scheduler of the images that are rehearsed: marathon or none. */
  readonly scheduler: string;
  /** The settings in the seed of the cluster besides its masters. */
  readonly settings: SeedSettings;
}

export interface DrillResult {
  /** The observed result, in one line. */
  readonly saw: string;
  /** Details, as a table that ends with a line end. */
  readonly table?: string;
}

/** A disturbance that a cluster must survive, and the check that it does. */
export interface Drill {
  readonly name: string;
  /** What the drill shows, in one line. */
  readonly proves: string;
  /** Whether it belongs to the quick rehearsal. */
  readonly quick: boolean;
  /** Why such a cluster cannot do the drill; undefined if it can. */
  readonly cannot?: (ground: ClusterProperties) => string | undefined;
  /**
   * Leaves the cluster healthy.
   * @throws IngotError node-failed otherwise
   */
  readonly run: (cluster: Cluster) => Promise<DrillResult>;
}
