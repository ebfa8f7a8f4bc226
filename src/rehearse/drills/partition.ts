import { awaitApp, hasApp } from '../app.ts';
import type { Cluster } from '../cluster.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { claimsElection, leadsAndWrites, longestGap, overlaps } from '../judge/writers.ts';
import type { NodeSample } from '../node-sample.ts';
import type { RehearsedPlace } from '../place.ts';
import { electedOf, leadsMarathon } from '../view.ts';
import { elapsedText, leaderOf, needsThree } from './leader.ts';

/** Roles that would do harm if two nodes acted in them at once. */
const writers: readonly { readonly title: string; readonly does: (sample: NodeSample) => boolean }[] = [
  { title: 'Mesos masters led and could write', does: leadsAndWrites },
  {
    title: 'leaders of ZooKeeper could write',
    does: (sample) => sample.zookeeper === 'leader' && sample.writes,
  },
  {
    title: 'leaders of Marathon could write',
    does: (sample) => leadsMarathon(sample) && sample.writes,
  },
];

/** Seconds of watching after the change of leaders. */
const afterSeconds = 5;

/**
 * Cuts a leader off, and waits until another one leads and this one no longer reports that it leads. Returns the times
 * in milliseconds since 1970.
 */
async function cutOff(cluster: Cluster, cut: RehearsedPlace): Promise<{ begun: number; elected: number }> {
  const begun = cluster.now();
  cluster.cut(cut.name);
  cluster.say(`${cut.name} is cut off`);
  const elected = await cluster.watch.until({
    what: `another master than ${cut.name} leads`,
    limitSeconds: cluster.limit(30),
    missing: (view) =>
      electedOf(view).some(({ place, sample }) => place.name !== cut.name && sample?.writes === true)
        ? []
        : ['nobody else leads'],
  });
  await cluster.watch.until({
    what: `${cut.name} no longer says that it leads`,
    limitSeconds: cluster.limit(30),
    missing: (view) =>
      electedOf(view).some(({ place }) => place.name === cut.name) ? ['it still says so'] : [],
  });
  await cluster.watch.during(afterSeconds);
  return { begun, elected };
}

export const partition: Drill = {
  name: 'partition',
  proves: 'the leader is cut off from the network: at no moment are there two leaders that can write',
  quick: false,
  cannot: needsThree,
  run: async (cluster) => {
    const app = hasApp(cluster);
    const cut = leaderOf(cluster);
    const { begun, elected } = await cluster.closely(() => cutOff(cluster, cut));
    const masters = new Set(cluster.masters.map(({ name }) => name));
    const samples = cluster.watch.samplesSince(begun - 5000).filter(({ node }) => masters.has(node));
    cluster.mend(cut.name);
    cluster.say(`${cut.name} is back`);
    for (const { title, does } of writers) {
      const [overlap] = overlaps(samples, does);
      if (overlap !== undefined)
        throw drillFailure(
          `two ${title} at once: ${overlap.nodes.join(' and ')}, for ${overlap.seconds.toFixed(1)} s`,
        );
    }
    const overlapSeconds = Math.max(
      0,
      ...overlaps(samples, claimsElection).map((overlap) => overlap.seconds),
    );
    await cluster.healthy(cluster.limit(60));
    await awaitApp(cluster, app);
    return {
      saw: [
        `${cut.name} was cut off; another led after ${elapsedText(elected - begun)}`,
        `never two that could write, in ${samples.length} samples, the longest time without one ${longestGap(samples).toFixed(1)} s`,
        overlapSeconds === 0
          ? 'nor did two say so'
          : `for ${overlapSeconds.toFixed(1)} s the old one still said that it led, and could write nothing`,
      ].join('; '),
    };
  },
};
