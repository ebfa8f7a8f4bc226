import { awaitApp, hasApp } from '../app.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { replacementOf } from '../place.ts';
import { elapsedText, followersOf, needsThree } from './leader.ts';
import { reseedMasters, reseedSlaves } from './reseed-nodes.ts';

export const replaceAddress: Drill = {
  name: 'replace-address',
  proves: "a new machine with a new address takes a lost master's place in the list, and its ZooKeeper id",
  quick: false,
  cannot: needsThree,
  run: async (cluster) => {
    const app = hasApp(cluster);
    const old = followersOf(cluster)[0];
    if (old === undefined) throw drillFailure('there is no follower');
    const begun = cluster.now();
    const position = cluster.masters.indexOf(old);
    await cluster.powerOff(old.name);
    cluster.retire(old.name);
    const added = replacementOf(old);
    const masters = cluster.masters.map((place) => (place === old ? added : place));
    await cluster.changeMasters(masters);
    cluster.say(`${old.name} (${old.address}) is gone; ${added.name} (${added.address}) takes its place`);
    await cluster.powerOn(added.name);
    await reseedMasters(
      cluster,
      masters.filter((place) => place !== added),
    );
    await reseedSlaves(cluster);
    const whole = await cluster.healthy(cluster.limit(90));
    await awaitApp(cluster, app);
    const id = cluster.watch.sampleOf(added.name)?.zookeeperId;
    return {
      saw: `${added.address} took the place of ${old.address}, number ${position + 1} of the list, with ZooKeeper id ${id ?? 'none'}; healthy after ${elapsedText(whole - begun)}`,
    };
  },
};
