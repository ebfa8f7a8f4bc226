import type { Head, SharedHead } from './answer/head.ts';

/** Of trees so many folders are kept: nodes that all invent one of their own do not fill the memory. */
const mostFolders = 50_000;

/** What equal answers have in common is held once. Two with the same digest can differ in nothing that is kept but role and count. */
export const headKey = ({ role, digest, drift }: SharedHead): string => `${digest} ${drift} ${role}`;

/** Gives one object for all equal heads. */
export class SharedHeads {
  readonly #heads = new Map<string, SharedHead>();
  #folders = 0;

  share({ role, version, rootHash, verified, digest, drift, tree }: Head): SharedHead {
    const head = { role, version, rootHash, verified, digest, drift, tree };
    const known = this.#heads.get(headKey(head));
    if (known !== undefined) return known;
    this.#folders += Object.values(tree).reduce((sum, { folders }) => sum + Object.keys(folders).length, 0);
    const kept = this.#folders <= mostFolders ? head : { ...head, tree: {} };
    this.#heads.set(headKey(head), kept);
    return kept;
  }
}
