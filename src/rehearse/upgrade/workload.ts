import { postApp } from '../app.ts';
import type { Cluster } from '../cluster.ts';
import { drillFailure } from '../drill-failure.ts';
import { type ClusterView, marathonOf } from '../view.ts';

/** Tasks that run while a cluster is upgraded, however they are started. */
export interface Workload {
  /** As in "3 tasks of the app /x". */
  readonly title: string;
  /** How many have to run. */
  readonly wanted: number;
  /** Whether a task's id is one of them. */
  readonly belongs: (task: string) => boolean;
  /** Starts them; does not wait until they run. */
  readonly start: (cluster: Cluster) => Promise<void>;
}

/** Tasks of an app of Marathon. Its ids are the app's with dots for slashes, a dot, and what makes them unique (mesosphere/marathon, Task.scala). */
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

/** What keeps the tasks from running as the agents say it. */
export function tasksNotYet({ wanted, belongs }: Workload, { nodes }: ClusterView): string[] {
  const running = nodes
    .flatMap(({ sample }) => Object.entries(sample?.agent?.tasks ?? {}))
    .filter(([task, state]) => belongs(task) && state === 'TASK_RUNNING').length;
  return running === wanted ? [] : [`${running} of ${wanted} tasks run`];
}
