import type { TimedSample } from '../../judge/writers.ts';

/** A task that was seen to run on a node, from the first to the last sample that shows it; milliseconds since 1970. */
export interface TaskRun {
  readonly task: string;
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

/** A task that ended, and the task that replaced it. */
export interface TaskMove {
  readonly task: string;
  readonly node: string;
  /** When it was last seen to run. */
  readonly ended: number;
  /** Where and when the replacement was first seen. */
  readonly next: { readonly task: string; readonly node: string; readonly began: number };
}

export interface TaskMeasure {
  /** Tasks that ended and were replaced. */
  readonly moved: readonly TaskMove[];
  /** Tasks that ended and were not replaced. */
  readonly lost: readonly TaskRun[];
  /** Tasks that ran at the end. */
  readonly running: number;
  /** The longest time with fewer tasks than wanted, and the fewest at once. */
  readonly short: { readonly seconds: number; readonly fewest: number };
}

/**
 * The runs of a workload's tasks, as the agents report them. A task that its agent omits for a while and then reports
 * again counts as running throughout.
 * @param belongs whether a task's id belongs to the workload
 */
export function taskRuns(samples: readonly TimedSample[], belongs: (task: string) => boolean): TaskRun[] {
  const runs = new Map<string, TaskRun>();
  for (const { node, from, to, sample } of [...samples].sort((a, b) => a.from - b.from))
    for (const [task, state] of Object.entries(sample.agent?.tasks ?? {})) {
      if (state !== 'TASK_RUNNING' || !belongs(task)) continue;
      const before = runs.get(`${node} ${task}`);
      runs.set(`${node} ${task}`, { task, node, from: before?.from ?? from, to });
    }
  return [...runs.values()].sort((a, b) => a.from - b.from);
}

/** The last sample of each node, which shows what runs now. */
function lastOf(samples: readonly TimedSample[]): Map<string, TimedSample> {
  const last = new Map<string, TimedSample>();
  for (const one of samples) {
    const before = last.get(one.node);
    if (before === undefined || one.from >= before.from) last.set(one.node, one);
  }
  return last;
}

function shortness(runs: readonly TaskRun[], wanted: number, from: number, to: number) {
  const moments = [...new Set([from, to, ...runs.flatMap((run) => [run.from, run.to])])]
    .filter((moment) => moment >= from && moment <= to)
    .sort((a, b) => a - b);
  let [longest, since, fewest] = [0, undefined as number | undefined, wanted];
  moments.slice(0, -1).forEach((moment, index) => {
    const next = moments[index + 1] ?? to;
    const count = runs.filter((run) => run.from <= moment && run.to >= next).length;
    fewest = Math.min(fewest, count);
    since = count < wanted ? (since ?? moment) : undefined;
    if (since !== undefined) longest = Math.max(longest, next - since);
  });
  return { seconds: longest / 1000, fewest };
}

/**
 * What happened to the tasks of a workload between two moments. Each task that ended is matched with the first task
 * that began after it and replaces no other one; a task without a match is lost.
 * @param wanted how many tasks have to run
 */
export function measureTasks(
  samples: readonly TimedSample[],
  belongs: (task: string) => boolean,
  { wanted, from, to }: { readonly wanted: number; readonly from: number; readonly to: number },
): TaskMeasure {
  const last = lastOf(samples);
  const runsNow = ({ node, task }: TaskRun): boolean =>
    last.get(node)?.sample.agent?.tasks?.[task] === 'TASK_RUNNING';
  const runs = taskRuns(samples, belongs);
  const ended = runs.filter((run) => !runsNow(run)).sort((a, b) => a.to - b.to);
  // The tasks that began first were there from the start and replace no other task.
  const taken = new Set(runs.slice(0, wanted));
  const moved: TaskMove[] = [];
  const lost: TaskRun[] = [];
  for (const run of ended) {
    const next = runs.find((one) => !taken.has(one) && one.from >= run.from && one !== run);
    if (next === undefined) {
      lost.push(run);
      continue;
    }
    taken.add(next);
    moved.push({
      task: run.task,
      node: run.node,
      ended: run.to,
      next: { task: next.task, node: next.node, began: next.from },
    });
  }
  const goOn = runs.map((run) => (runsNow(run) ? { ...run, to: Math.max(run.to, to) } : run));
  return {
    moved,
    lost,
    running: runs.filter(runsNow).length,
    short: shortness(goOn, wanted, from, to),
  };
}
