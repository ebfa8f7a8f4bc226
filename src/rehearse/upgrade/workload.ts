import { postApp } from '../app.ts';
import type { Cluster } from '../cluster.ts';
import { drillFailure } from '../drill-failure.ts';
import { type ClusterView, marathonOf } from '../view.ts';

/** Tasks that run while a cluster is upgraded, however they are started. */
export interface Workload {
  /** The title of a number of tasks, such as "3 tasks of the app /x". */
  readonly title: string;
  /** The number of tasks that must run. */
  readonly wanted: number;
  /** Whether a task id belongs to the workload. */
  readonly belongs: (task: string) => boolean;
  /** Starts them; does not wait until they run. */
  readonly start: (cluster: Cluster) => Promise<void>;
}

/**
 * The tasks of an app of Marathon. A task id is the app's id with dots instead of slashes, then a dot and a unique part
 * (mesosphere/marathon, Task.scala).
 */
export function marathonTasks(wanted: number): Workload {
  const name = 'ingot-upgrade';
  const app = {
    id: `/${name}`,
    cmd: 'while true; do sleep 30; done',
    instances: wanted,
    cpus: 0.1,
    mem: 32,
  };
  return {
    title: `${wanted} tasks of the app ${app.id}`,
    wanted,
    belongs: (task) => task.startsWith(`${name}.`),
    start: async (cluster) => {
      const leader = marathonOf(cluster.watch.view());
      if (leader === undefined) throw drillFailure('no Marathon leads');
      await postApp(cluster, leader.place, app);
    },
  };
}

/** Why the tasks do not run yet, as the agents report it. */
export function tasksNotYet({ wanted, belongs }: Workload, { nodes }: ClusterView): string[] {
  const running = nodes
    .flatMap(({ sample }) => Object.entries(sample?.agent?.tasks ?? {}))
    .filter(([task, state]) => belongs(task) && state === 'TASK_RUNNING').length;
  return running === wanted ? [] : [`${running} of ${wanted} tasks run`];
}
