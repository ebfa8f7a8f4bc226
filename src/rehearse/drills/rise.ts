import { countText } from '../../host/count-text.ts';
import type { Drill } from '../drill.ts';
import { electionNotYet, leaderNotYet, unseenNodes, zookeeperNotYet } from '../judge/not-yet.ts';
import { requireHealthyUnits } from './healthy-units.ts';

/**
 * Under load ZooKeeper's sessions expire for minutes before the first election holds (seen with clusterd, emulated).
 */
const firstElectionSeconds = 300;

export const rise: Drill = {
  name: 'rise',
  proves:
    'a cluster rises by itself from machines that were never on, all switched on at once, with one seed',
  quick: true,
  run: async (cluster) => {
    await cluster.powerOn(...cluster.machines.map(({ place }) => place.name));
    await cluster.watch.until({
      what: 'every node comes up',
      limitSeconds: cluster.limit(150),
      missing: unseenNodes,
    });
    cluster.say('all nodes are up, the first election is awaited');
    await cluster.watch.until({
      what: 'a first Mesos master is elected, whom all masters and ZooKeeper name',
      limitSeconds: cluster.limit(60) + firstElectionSeconds,
      missing: (view) => [
        ...unseenNodes(view),
        ...zookeeperNotYet(view),
        ...electionNotYet(view),
        ...leaderNotYet(view),
      ],
    });
    cluster.say('a master is elected, the agents are awaited');
    await cluster.healthy(cluster.limit(60));
    await requireHealthyUnits(cluster, [...cluster.masters, ...cluster.slaves]);
    return {
      saw: `${countText(cluster.masters.length, 'master')} and ${countText(cluster.slaves.length, 'slave')}, all switched on at once`,
    };
  },
};
