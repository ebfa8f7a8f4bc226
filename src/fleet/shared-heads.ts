import type { Head, SharedHead } from './answer/head.ts';

/** The maximum number of folders kept in trees, so that nodes that each invent their own do not fill the memory. */
const maxFolders = 50_000;

/**
 * The key of nodes with the same root, seed and drift, whatever else is on their boot partitions. Apart from role and
 * count, two heads with the same digest cannot differ in anything else that is kept.
 */
export const headKey = ({ role, digest, drift }: SharedHead): string => `${digest} ${drift} ${role}`;

/**
 * The key of equal answers, which are held once. The boot partition is not part of the digest, because disks may have
 * had different versions before.
 */
export const sharedKey = (head: SharedHead): string =>
  `${headKey(head)} ${JSON.stringify(head.boot ?? null)}`;

/** Returns one object for all equal heads. */
export class SharedHeads {
  readonly #heads = new Map<string, SharedHead>();
  #folders = 0;

  share(given: Head): SharedHead {
    const { role, version, rootHash, verified, schema, seed, boot, digest, drift, tree } = given;
    const head = { schema, role, version, rootHash, verified, seed, boot, digest, drift, tree };
    const known = this.#heads.get(sharedKey(head));
    if (known !== undefined) return known;
    this.#folders += Object.values(tree).reduce((sum, { folders }) => sum + Object.keys(folders).length, 0);
    const kept = this.#folders <= maxFolders ? head : { ...head, tree: {} };
    this.#heads.set(sharedKey(head), kept);
    return kept;
  }
}
