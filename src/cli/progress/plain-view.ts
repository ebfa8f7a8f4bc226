import type { ProgressView, StageNode } from './progress-view.ts';
import { secondsText } from './seconds-text.ts';

function pathOf(node: StageNode): string {
  return node.parent === undefined ? node.title : `${pathOf(node.parent)}  ${node.title}`;
}

/**
 * Shows lines for logs and pipes: one when a stage begins, and one with its seconds when it ends; no control
 * characters.
 * @param write gets a line with its line end
 */
export function plainView(write: (line: string) => void): ProgressView {
  return {
    open: () => Promise.resolve(),
    begins: (node) => {
      write(`${pathOf(node)}\n`);
    },
    notes: () => undefined, // they would flood a log; the run's own logs have every line
    ends: (node, result, seconds) => {
      write(`${pathOf(node)}  ${result === 'failed' ? 'failed  ' : ''}${secondsText(seconds)}\n`);
    },
    close: () => undefined,
  };
}
