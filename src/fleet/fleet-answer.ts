import type { SharedHead } from './answer/head.ts';

/** The result of checking one node. */
export type NodeAnswer =
  /** The node answered. `head` is one object for all equal answers; `when` is in milliseconds since 1970. */
  | { readonly kind: 'answered'; readonly head: SharedHead; readonly when: number }
  /** Nothing arrived from the node. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** The node was reached, but its answer is not complete. */
  | { readonly kind: 'partial'; readonly why: string };
