import type { Head, SharedHead } from './answer/head.ts';

/** Of trees so many folders are kept: nodes that all invent one of their own do not fill the memory. */
const mostFolders = 50_000;

/** What nodes with the same root, seed and drift have in common, whatever else is on their boot partitions. Two with the same digest can differ in nothing else that is kept but role and count. */
export const headKey = ({ role, digest, drift }: SharedHead): string => `${digest} ${drift} ${role}`;

/** What equal answers have in common is held once: the boot partition is no part of the digest, for disks may have had other versions before. */
export const sharedKey = (head: SharedHead): string =>
  `${headKey(head)} ${JSON.stringify(head.boot ?? null)}`;

/** Gives one object for all equal heads. */
export class SharedHeads {
  readonly #heads = new Map<string, SharedHead>();
  #folders = 0;

  share(given: Head): SharedHead {
    const { role, version, rootHash, verified, schema, seed, boot, digest, drift, tree } = given;
    const head = { schema, role, version, rootHash, verified, seed, boot, digest, drift, tree };
    const known = this.#heads.get(sharedKey(head));
    if (known !== undefined) return known;
    this.#folders += Object.values(tree).reduce((sum, { folders }) => sum + Object.keys(folders).length, 0);
    const kept = this.#folders <= mostFolders ? head : { ...head, tree: {} };
    this.#heads.set(sharedKey(head), kept);
    return kept;
  }
}
