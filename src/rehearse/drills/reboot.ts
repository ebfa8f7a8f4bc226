import { awaitApp, hasApp } from '../app.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { restartDifferences } from '../judge/same-node.ts';
import { listed } from './leader.ts';

export const reboot: Drill = {
  name: 'reboot',
  proves: 'every node is restarted and is the same afterwards: identity, data, verified root',
  quick: false,
  run: async (cluster) => {
    const app = hasApp(cluster);
    const places = cluster.machines.map(({ place }) => place);
    // A node that lost its power in an earlier drill has already been restarted in a harder way.
    const asItRose = places.filter(
      ({ name }) => cluster.watch.sampleOf(name)?.bootId === cluster.firstSample(name)?.bootId,
    );
    const before = places.filter((place) => !asItRose.includes(place));
    cluster.say(`${listed(asItRose)} restart`);
    await cluster.reboot(...asItRose.map(({ name }) => name));
    await cluster.healthy(cluster.limit(120));
    const changed = places.flatMap(({ name }) => {
      const [first, now] = [cluster.firstSample(name), cluster.watch.sampleOf(name)];
      return first === undefined || now === undefined
        ? [`${name} was not seen`]
        : restartDifferences(name, first, now);
    });
    if (changed.length > 0) throw drillFailure('nodes are not what they were', changed);
    await Promise.all(places.map(({ name }) => cluster.run(name, '/usr/lib/ingot/check/root-verified')));
    await awaitApp(cluster, app);
    const earlier = before.length === 0 ? '' : ` (${listed(before)} in earlier drills, by power-off)`;
    return {
      saw: `all ${places.length} nodes were restarted${earlier}: address, names, machine-id, host key, ids and root hash are the same, the root is verified`,
    };
  },
};
