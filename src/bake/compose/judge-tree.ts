import type { Host } from '../../host/host.ts';
import type { ComposeOptions } from './compose-options.ts';
import { dropAccessLists } from './drop-access-lists.ts';
import { requireNoDebconfPassword, requireUtf8Names } from './judge-packages.ts';

/**
 * What is looked at right after the packages of a tree are unpacked, before minutes are spent on it and before it is packed for the cache:
 * what no image can hold or may hold.
 * @param tree absolute
 * @throws IngotError wrong-root
 */
export async function judgeTree(host: Host, tree: string, options: ComposeOptions): Promise<void> {
  await requireUtf8Names(tree);
  await requireNoDebconfPassword(tree);
  await dropAccessLists(host, tree, options.onLine);
}
