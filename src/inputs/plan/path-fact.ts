import type { Role } from '../roles.ts';
import type { SiteLayer } from './plan.ts';

/** What images/ declare about paths on a node at which a file of a spec would not stay. */
export interface PathFact {
  /** Reports whether an absolute path, resolved as on the node, matches. */
  readonly matches: (path: string) => boolean;
  /** Continues "PATH …". */
  readonly why: (path: string) => string;
  /** What to do instead. */
  readonly instead: (path: string) => string;
  /** A file with this mode, octal text, is allowed nevertheless. */
  readonly mode?: string;
}

/** The paths of one layer. */
export interface LayerPaths {
  /** Set for a layer of the spec. */
  readonly site?: SiteLayer;
  /** Absolute path on the node to the file that it comes from, as people know it. */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute folders on the node. */
  readonly folders: ReadonlySet<string>;
}

/** The paths that a role's layers and the files generated for it occupy. */
export interface RolePaths {
  readonly role: Role;
  readonly facts: readonly PathFact[];
  /**
   * Absolute path on the node to the file of images/ or of a layer that it comes from, such as
   * images/common/rootfs/etc/chrony/chrony.conf. The file of a later layer counts.
   */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute folders of the layers. */
  readonly folders: ReadonlySet<string>;
  /** Each layer, in their order. */
  readonly layers: readonly LayerPaths[];
  /** As facts, for the files of layers of the spec: these may add to ingot's own folders. */
  readonly layerFacts: readonly PathFact[];
}
