import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

export type Path = readonly PropertyKey[];

export interface FoundNode {
  /** The value at the path, if the file has it. */
  readonly value: Node | undefined;
  /** Where to point: the value, its key, or what is nearest to the path. */
  readonly offset: number;
  /** Where the key of the last step stands, if it is in a map. */
  readonly keyOffset: number | undefined;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Finds what stands at a path of a parsed document; aliases are followed, and the place of the anchor's content is given. */
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
  // An empty value (`key:`) has a place after its key; the key says more.
  if (isScalar(node) && node.source === '' && node.type === 'PLAIN') offset = keyOffset ?? offset;
  return { value: node, offset, keyOffset };
}
