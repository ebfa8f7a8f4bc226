import type { Host } from '../../host/host.ts';
import { requireNoDebconfPassword, requireUtf8Names } from './check-packages.ts';
import type { ComposeOptions } from './compose-options.ts';
import { dropAccessLists } from './drop-access-lists.ts';

/**
 * Checks a tree right after its packages are unpacked, before more minutes are spent on it and before it is packed for
 * the cache. Refuses or removes what an image cannot or must not have.
 * @param tree absolute
 * @throws IngotError wrong-root
 */
export async function checkTree(host: Host, tree: string, options: ComposeOptions): Promise<void> {
  await requireUtf8Names(tree);
  await requireNoDebconfPassword(tree);
  await dropAccessLists(host, tree, options.onLine);
}
