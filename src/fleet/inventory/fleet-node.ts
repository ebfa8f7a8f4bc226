import type { Role } from '../../inputs/plan/plan.ts';

/** Where to read the answer of a node. */
export type AnswerSource =
  | {
      readonly kind: 'ssh';
      /** A name for ssh(1), which ssh's configuration may define. */
      readonly host: string;
      readonly user: string | undefined;
      readonly port: number | undefined;
      /** ProxyJump of ssh_config(5). */
      readonly jump: string | undefined;
    }
  /** `file` is absolute. */
  | { readonly kind: 'folder'; readonly file: string }
  | { readonly kind: 'url'; readonly url: string };

/** A node to check. */
export interface FleetNode {
  /** Unique in the inventory. */
  readonly name: string;
  /** The role that the inventory gives the node. */
  readonly role: Role | undefined;
  readonly source: AnswerSource;
}
