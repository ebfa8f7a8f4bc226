import { awaitApp, hasApp } from '../app.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { elapsedText, followersOf, needsThree } from './leader.ts';

export const replaceDisk: Drill = {
  name: 'replace-disk',
  proves: 'a master loses its disk: with an empty one and its old address it is the same member again',
  quick: false,
  cannot: needsThree,
  run: async (cluster) => {
    const app = hasApp(cluster);
    const replaced = followersOf(cluster)[0];
    if (replaced === undefined) throw drillFailure('there is no follower');
    const before = cluster.watch.sampleOf(replaced.name);
    await cluster.powerOff(replaced.name);
    cluster.replaceDisk(replaced.name);
    cluster.say(`${replaced.name} has an empty disk`);
    const on = cluster.now();
    await cluster.powerOn(replaced.name);
    const back = await cluster.healthy(cluster.limit(60));
    const now = cluster.watch.sampleOf(replaced.name);
    if (now?.machineId === before?.machineId) throw drillFailure(`${replaced.name} still has its old disk`);
    await awaitApp(cluster, app);
    return {
      saw: `${replaced.name} with an empty disk is ZooKeeper id ${now?.zookeeperId ?? 'none'} again and serves ${elapsedText(back - on)} after power-on`,
    };
  },
};
