import { logGroups } from './log-groups.ts';
import { plainView } from './plain-view.ts';
import type { ProgressView } from './progress-view.ts';
import { quietView } from './quiet-view.ts';
import { rootStage, type Stage } from './stage.ts';
import { terminalStyle } from './terminal-style.ts';

export interface ProgressOptions {
  /** The stream that shows progress, usually process.stderr: a tree on a terminal, lines on anything else. */
  readonly stream: NodeJS.WriteStream;
  readonly quiet?: boolean;
  /** Lines, also on a terminal, with every line of every stage. */
  readonly verbose?: boolean;
  /** On a terminal a board with both roles next to each other, in place of a tree. */
  readonly board?: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Some pseudo-terminals report no columns, and nothing can be drawn on them. */
function canDraw(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.columns > 0 && process.env['TERM'] !== 'dumb';
}

/** Chooses how progress is shown, by the options, the stream and the environment of this process. */
export async function chooseView(options: ProgressOptions): Promise<ProgressView> {
  const { stream, quiet, verbose, board, now } = options;
  if (quiet === true) return quietView;
  if (verbose === true || !canDraw(stream)) {
    const groups = board === true ? logGroups(process.env) : undefined;
    return plainView((line) => void stream.write(line), { verbose: verbose === true, groups, now });
  }
  const style = terminalStyle(process.env);
  // listr2 takes a while to load.
  if (board === true) return (await import('./board-view.ts')).boardView(stream, now, style);
  return (await import('./tree-view.ts')).treeView(stream, now, style);
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
