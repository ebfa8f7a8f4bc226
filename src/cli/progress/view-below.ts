import type { ProgressView, StageNode } from './progress-view.ts';

/** Shows the stages of one of several works below a stage of a view that they share, and which is open already. */
export function viewBelow(view: ProgressView, top: StageNode): ProgressView {
  const known = new WeakMap<StageNode, StageNode>();
  // A view knows a stage by its node, so each has one.
  const below = (node: StageNode): StageNode => {
    const found = known.get(node);
    if (found !== undefined) return found;
    const made = { ...node, parent: node.parent === undefined ? top : below(node.parent) };
    known.set(node, made);
    return made;
  };
  return {
    open: () => Promise.resolve(),
    begins: (node) => {
      view.begins(below(node));
    },
    notes: (node, line) => {
      view.notes(below(node), line);
    },
    ends: (node, result, seconds) => {
      view.ends(below(node), result, seconds);
    },
    close: () => undefined,
  };
}
