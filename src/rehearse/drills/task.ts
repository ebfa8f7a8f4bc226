import { appId, ensureApp, taskMark } from '../app.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';

/** Ids of the task's processes on a node, each with its control group. */
const findTask = [
  `for pid in $(pgrep -f '${taskMark}'); do`,
  '  group=$(sed -n "s/^1:name=systemd:\\|^0:://p" "/proc/$pid/cgroup" 2>/dev/null | head -n 1)',
  '  task=$(tr "\\0" "\\n" <"/proc/$pid/environ" 2>/dev/null | sed -n "s/^MESOS_TASK_ID=//p")',
  '  [ -z "$task" ] || echo "$pid $task $group"',
  'done',
].join('\n');

export const task: Drill = {
  name: 'task',
  proves: "an app that is started through Marathon's API runs on a slave",
  quick: false,
  cannot: ({ slaves, scheduler }) => {
    if (scheduler === 'none') return 'the cluster has no scheduler';
    if (scheduler !== 'marathon')
      return `it starts an app by Marathon's API, and the scheduler is ${scheduler}`;
    return slaves === 0 ? 'it needs a slave' : undefined;
  },
  run: async (cluster) => {
    await ensureApp(cluster);
    for (const { name } of cluster.slaves) {
      const [first] = (await cluster.run(name, findTask)).split('\n');
      if (first === undefined || first === '') continue;
      const [pid = '', id = '', group = ''] = first.split(' ');
      const standIns = cluster.watch.sampleOf(name)?.standIns ?? [];
      const how =
        standIns.length === 0
          ? `in the control group ${group}`
          : `a plain process without a container, for stand-ins take the place of Mesos and Marathon here (${standIns.join(', ')})`;
      return { saw: `${appId} runs on ${name} as process ${pid}, task ${id}: ${how}` };
    }
    throw drillFailure(`Marathon says that ${appId} runs, but no slave has a process of it`);
  },
};
