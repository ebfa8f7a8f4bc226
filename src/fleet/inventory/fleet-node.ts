import type { Role } from '../../inputs/plan/plan.ts';

/** Where the answer of a node is. */
export type Source =
  | {
      readonly kind: 'ssh';
      /** A name for ssh(1), which its configuration may know. */
      readonly host: string;
      readonly user: string | undefined;
      readonly port: number | undefined;
      /** ProxyJump of ssh_config(5). */
      readonly jump: string | undefined;
    }
  /** `file` is absolute. */
  | { readonly kind: 'folder'; readonly file: string }
  | { readonly kind: 'url'; readonly url: string };

/** A node that is to be asked. */
export interface FleetNode {
  /** Unique in the inventory. */
  readonly name: string;
  /** What the inventory says that it is. */
  readonly role: Role | undefined;
  readonly source: Source;
}
