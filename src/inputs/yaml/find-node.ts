import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

export type Path = readonly PropertyKey[];

export interface FoundNode {
  /** The value at the path, if the file has it. */
  readonly value: Node | undefined;
  /** Where to point: the value, its key, or the nearest node on the path. */
  readonly offset: number;
  /** The position of the last step's key, if it is in a map. */
  readonly keyOffset: number | undefined;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/**
 * Finds the node at a path of a parsed document. Aliases are followed, and the place of the anchor's content is
 * returned.
 */
export function findNode(document: Document, path: Path): FoundNode {
  let node: Node | undefined = document.contents ?? undefined;
  let offset = start(node) ?? 0;
  let keyOffset: number | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    keyOffset = undefined;
    let child: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      keyOffset = start(pair?.key);
      child = pair?.value;
    } else if (isSeq(node)) {
      child = node.items[Number(step)];
    }
    node = isNode(child) ? child : undefined;
    offset = start(node) ?? keyOffset ?? offset;
    if (node === undefined) break;
  }
  // The place of an empty value (`key:`) is after its key; pointing at the key is clearer.
  if (isScalar(node) && node.source === '' && node.type === 'PLAIN') offset = keyOffset ?? offset;
  return { value: node, offset, keyOffset };
}
