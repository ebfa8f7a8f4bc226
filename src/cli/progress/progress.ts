import { plainView } from './plain-view.ts';
import type { ProgressView } from './progress-view.ts';
import { quietView } from './quiet-view.ts';
import { rootStage, type Stage } from './stage.ts';

export interface ProgressOptions {
  /** The stream that shows progress, usually process.stderr: a tree on a terminal, lines on anything else. */
  readonly stream: NodeJS.WriteStream;
  readonly quiet?: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Some pseudo-terminals report no columns, and nothing can be drawn on them. */
function canDraw(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.columns > 0 && process.env['TERM'] !== 'dumb';
}

async function chooseView({ stream, quiet, now }: ProgressOptions): Promise<ProgressView> {
  if (quiet === true) return quietView;
  if (!canDraw(stream)) return plainView((line) => void stream.write(line));
  const { treeView } = await import('./tree-view.ts'); // listr2 takes a while to load
  return treeView(stream, now);
}

/**
 * Shows the stages of some work while it runs: a tree on a terminal, plain lines elsewhere, nothing when quiet.
 * @returns what the work returns; throws what the work throws
 */
export async function withProgress<T>(
  options: ProgressOptions,
  work: (progress: Stage) => Promise<T>,
): Promise<T> {
  const view = await chooseView(options);
  await view.open();
  try {
    return await work(rootStage({ view, now: options.now }));
  } finally {
    view.close();
  }
}
