import type { SharedHead } from './answer/head.ts';

/** What became of asking one node. */
export type NodeAnswer =
  /** It answered; `head` is one object for all that said the same. `when`: milliseconds since 1970. */
  | { readonly kind: 'answered'; readonly head: SharedHead; readonly when: number }
  /** Nothing of it came. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** It was reached, and what came is no whole answer. */
  | { readonly kind: 'partial'; readonly why: string };
