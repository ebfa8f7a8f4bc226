import type { Drill } from '../drill.ts';
import { notYet } from '../judge/not-yet.ts';
import { electedOf, hasMarathon, marathonOf, mastersOf } from '../view.ts';
import { listed } from './leader.ts';

export const agree: Drill = {
  name: 'agree',
  proves:
    'ZooKeeper has one leader and followers, one Mesos master is elected, one Marathon leads (if the cluster has it), every slave is registered, and every number is the one of the seed',
  quick: true,
  run: async (cluster) => {
    await cluster.closely(() =>
      cluster.watch.until({
        what: 'all nodes agree for 5 s',
        limitSeconds: cluster.limit(30),
        missing: notYet,
        holdSeconds: 5,
      }),
    );
    const view = cluster.watch.view();
    const masters = mastersOf(view);
    const inMode = (mode: string) =>
      masters.filter(({ sample }) => sample?.zookeeper === mode).map(({ place }) => place);
    const leads = listed([...inMode('leader'), ...inMode('standalone')]);
    const follow = inMode('follower');
    const marathon = marathonOf(view);
    return {
      saw: [
        `ZooKeeper: ${leads} leads${follow.length === 0 ? '' : `, ${listed(follow)} follow`}`,
        `Mesos: ${listed(electedOf(view).map(({ place }) => place))} is elected, with ${cluster.slaves.length} agents`,
        hasMarathon(view)
          ? `Marathon: ${marathon?.place.name ?? 'none'} leads`
          : 'the cluster has no scheduler',
      ].join('; '),
    };
  },
};
