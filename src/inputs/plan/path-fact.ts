import type { Role } from '../roles.ts';

/** What images/ say of paths on a node at which no file of a spec stays. */
export interface PathFact {
  /** Whether an absolute path, as it really is on the node, falls under it. */
  readonly matches: (path: string) => boolean;
  /** Continues "PATH …". */
  readonly why: (path: string) => string;
  /** What to do instead. */
  readonly instead: (path: string) => string;
  /** A file with this mode, octal text, is nevertheless right. */
  readonly mode?: string;
}

/** What a role's layers, and what is generated for it, have at which paths. */
export interface RolePaths {
  readonly role: Role;
  readonly facts: readonly PathFact[];
  /** Absolute path on the node to the file of images/ that it is, such as images/common/rootfs/etc/chrony/chrony.conf. */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute folders of the layers. */
  readonly folders: ReadonlySet<string>;
}
