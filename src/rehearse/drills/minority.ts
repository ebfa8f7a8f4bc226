import { awaitApp, hasApp } from '../app.ts';
import type { Cluster } from '../cluster.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { notYet } from '../judge/not-yet.ts';
import { claimsElection } from '../judge/writers.ts';
import type { RehearsedPlace } from '../place.ts';
import { mastersOf } from '../view.ts';
import { elapsedText, followersOf, leaderOf, listed, needsThree } from './leader.ts';

/** Seconds of watching after ZooKeeper has noticed that it lost its quorum: twice a session. */
const watchSeconds = 20;

/**
 * Powers the majority off, waits until the rest has noticed, and watches for some time. Returns the times in
 * milliseconds since 1970.
 */
async function powerOffMajority(
  cluster: Cluster,
  gone: readonly RehearsedPlace[],
  remaining: readonly RehearsedPlace[],
): Promise<{ from: number; noticed: number }> {
  await cluster.powerOff(...gone.map(({ name }) => name));
  cluster.say(`${listed(gone)} have no power any more`);
  const from = cluster.now();
  const noticed = await cluster.watch.until({
    what: `ZooKeeper of ${listed(remaining)} notices the loss of the majority`,
    limitSeconds: cluster.limit(15) + 30,
    missing: (view) =>
      mastersOf(view)
        .filter(({ sample }) => sample?.zookeeper !== null && sample?.zookeeper !== 'waiting')
        .map(({ place }) => `ZooKeeper of ${place.name} still serves`),
  });
  await cluster.watch.during(watchSeconds);
  return { from, noticed };
}

export const minority: Drill = {
  name: 'minority',
  proves:
    'with the majority of the masters gone nobody is elected and nothing is written; it heals when a majority is back',
  quick: false,
  cannot: needsThree,
  run: async (cluster) => {
    const app = hasApp(cluster);
    const remaining = followersOf(cluster).slice(0, (cluster.masters.length - 1) / 2);
    const leader = leaderOf(cluster);
    // The leader is the last, so that it is not the one that is awaited first.
    const gone = cluster.masters
      .filter((place) => !remaining.includes(place))
      .sort((a, b) => Number(a === leader) - Number(b === leader));
    const { from, noticed } = await cluster.closely(() => powerOffMajority(cluster, gone, remaining));
    // From the first sample that began without the majority. What cannot be committed must never be written, noticed or
    // not.
    const samples = cluster.watch
      .samplesSince(from)
      .filter((one) => one.from > from && remaining.some(({ name }) => name === one.node));
    const wrong = samples.filter(({ sample }) => claimsElection(sample) || sample.writes);
    if (wrong.length > 0)
      throw drillFailure(
        `${listed(remaining)} went on without a majority`,
        wrong.slice(0, 5).map(({ node, sample }) => `${node}: ${JSON.stringify(sample)}`),
      );
    const [first, ...rest] = gone;
    if (first === undefined) throw drillFailure('no master was powered off');
    cluster.say(`${first.name} is switched on again`);
    const on = cluster.now();
    await cluster.powerOn(first.name);
    const healed = await cluster.watch.until({
      what: `${listed([...remaining, first])} lead again`,
      limitSeconds: cluster.limit(60),
      missing: notYet,
    });
    cluster.say(`${listed(rest)} ${rest.length === 1 ? 'is' : 'are'} switched on again`);
    await cluster.powerOn(...rest.map(({ name }) => name));
    await cluster.healthy(cluster.limit(60));
    await awaitApp(cluster, app);
    return {
      saw: [
        `without ${listed(gone)} nobody was elected and nothing written, in ${samples.length} samples; ZooKeeper noticed after ${elapsedText(noticed - from)}`,
        `healed ${elapsedText(healed - on)} after ${first.name} was switched on`,
      ].join('; '),
    };
  },
};
