import type { Role } from '../roles.ts';

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

/** The paths that a role's layers and the files generated for it occupy. */
export interface RolePaths {
  readonly role: Role;
  readonly facts: readonly PathFact[];
  /**
   * Absolute path on the node to the file of images/ that it comes from, such as
   * images/common/rootfs/etc/chrony/chrony.conf.
   */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute folders of the layers. */
  readonly folders: ReadonlySet<string>;
}
