import { awaitApp, hasApp } from '../app.ts';
import type { Drill } from '../drill.ts';
import { addedMasters } from '../place.ts';
import { elapsedText, listed, needsThree } from './leader.ts';
import { reseedMasters, reseedSlaves } from './reseed-nodes.ts';

export const grow: Drill = {
  name: 'grow',
  proves:
    'two masters are added: first the old ones get the larger quorum, then the new ones are switched on',
  quick: false,
  cannot: needsThree,
  run: async (cluster) => {
    const app = hasApp(cluster);
    const begun = cluster.now();
    const before = cluster.masters;
    const added = addedMasters(before.length, 2);
    await cluster.changeMasters([...before, ...added]);
    await reseedMasters(cluster, before);
    cluster.say(`${listed(added)} are switched on`);
    await cluster.powerOn(...added.map(({ name }) => name));
    await reseedSlaves(cluster);
    const whole = await cluster.healthy(cluster.limit(90));
    await awaitApp(cluster, app);
    return {
      saw: `from ${before.length} to ${before.length + added.length} masters in ${elapsedText(whole - begun)}: all of them serve, the registry has the larger quorum, the agents are registered`,
    };
  },
};
