import {
  DefaultRenderer,
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  ListrTaskState,
  ProcessOutput,
  Spinner,
} from 'listr2';
import type { ProgressView, StageNode } from './progress-view.ts';
import { secondsText } from './seconds-text.ts';
import type { TerminalStyle } from './terminal-style.ts';

type List = Listr<unknown, 'silent', 'silent'>;
type Task = List['tasks'][number];

const tickMs = 1000;

/** A list to which tasks are added while it is shown. It never runs: stages run, and set the state of its tasks. */
function openList(parent?: Task): List {
  return new Listr<unknown, 'silent', 'silent'>(
    [],
    // Without exitOnError, listr2 would show a stage as not running when one next to it fails.
    { renderer: 'silent', fallbackRenderer: 'silent', registerSignalListeners: false, exitOnError: false },
    parent,
  );
}

/** listr2's signs for a terminal without UTF-8. */
const asciiIcons = ({ signs }: TerminalStyle): Partial<Record<ListrDefaultRendererLogLevels, string>> => ({
  OUTPUT: '>',
  PENDING: '>',
  COMPLETED: signs.done,
  COMPLETED_WITH_FAILED_SUBTASKS: '!',
  FAILED: signs.failed,
  FAILED_WITH_SUBTASKS: signs.failed,
  WAITING: signs.waiting,
});

class AsciiSpinner extends Spinner {
  protected override readonly spinner = ['-', '\\', '|', '/'];
}

/**
 * The tree on a terminal, drawn by listr2: a running stage with its time and its last line, a finished one in one line.
 * Text that others write to the same stream meanwhile is shown at the end.
 * @param now milliseconds since 1970
 */
export function treeView(stream: NodeJS.WriteStream, now: () => number, style: TerminalStyle): ProgressView {
  const root = openList();
  const lists = new Map<StageNode, List>();
  const running = new Map<StageNode, Task>();
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
    processOutput: new ProcessOutput(stream, stream),
  });
  const renderer = new DefaultRenderer(
    root.tasks as never,
    {
      logger,
      formatOutput: 'truncate',
      ...(style.ascii ? { icon: asciiIcons(style), spinner: new AsciiSpinner() } : {}),
    },
    root.events,
  );
  let ticker: NodeJS.Timeout | undefined;

  const listBelow = (node: StageNode): List => {
    const list = lists.get(node) ?? openList(running.get(node));
    lists.set(node, list);
    const task = running.get(node);
    if (task !== undefined) task.subtasks = list.tasks;
    return list;
  };
  const tick = () => {
    for (const [node, task] of running) {
      task.title = `${node.title}  ${Math.round((now() - node.begunAt) / 1000)} s`;
    }
  };

  return {
    open: async () => {
      await renderer.render();
      ticker = setInterval(tick, tickMs);
    },
    begins: (node) => {
      const list = node.parent === undefined ? root : listBelow(node.parent);
      list.add({ title: node.title, task: () => undefined });
      const task = list.tasks.at(-1);
      if (task === undefined) return;
      Object.assign(task, { enabled: true }); // as its own run would; else it is not shown
      running.set(node, task);
      task.state$ = ListrTaskState.STARTED;
    },
    notes: (node, line) => {
      const task = running.get(node);
      if (task !== undefined) task.output$ = line;
    },
    ends: (node, result, seconds) => {
      const task = running.get(node);
      if (task === undefined) return;
      running.delete(node);
      lists.delete(node);
      task.title$ = `${node.title}  ${secondsText(seconds)}`;
      task.state$ = result === 'done' ? ListrTaskState.COMPLETED : ListrTaskState.FAILED;
    },
    close: () => {
      clearInterval(ticker);
      renderer.end();
    },
  };
}
