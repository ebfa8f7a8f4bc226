import { awaitApp, hasApp } from '../app.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { notYet } from '../judge/not-yet.ts';
import { saysElected } from '../judge/writers.ts';
import { followersOf, leaderOf, listed, needsThree, seconds } from './leader.ts';

/** So long ZooKeeper may take to notice that its quorum is gone; then nobody may lead, or write. */
const noticeSeconds = 20;
const watchSeconds = 25;

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
    // The leader last, so that it is not the one that is awaited first.
    const gone = cluster.masters
      .filter((place) => !remaining.includes(place))
      .sort((a, b) => Number(a === leader) - Number(b === leader));
    await cluster.powerOff(...gone.map(({ name }) => name));
    cluster.say(`${listed(gone)} have no power any more`);
    await cluster.watch.during(noticeSeconds);
    const from = cluster.now();
    await cluster.watch.during(watchSeconds);
    const wrong = cluster.watch
      .looksSince(from)
      .filter(({ node }) => remaining.some(({ name }) => name === node))
      .filter(({ look }) => saysElected(look) || look.writes);
    if (wrong.length > 0)
      throw drillFailure(
        `${listed(remaining)} went on without a majority`,
        wrong.slice(0, 5).map(({ node, look }) => `${node}: ${JSON.stringify(look)}`),
      );
    const looks = cluster.watch.looksSince(from).length;
    const [first, ...rest] = gone;
    if (first === undefined) throw drillFailure('nobody is gone');
    cluster.say(`${first.name} is switched on again`);
    const on = cluster.now();
    await cluster.powerOn(first.name);
    const healed = await cluster.watch.until({
      what: `${listed([...remaining, first])} lead again`,
      limitSeconds: cluster.limit(60),
      missing: notYet,
    });
    await cluster.powerOn(...rest.map(({ name }) => name));
    await cluster.healthy(cluster.limit(60));
    await awaitApp(cluster, app);
    return {
      saw: `without ${listed(gone)} nobody was elected and nothing written for ${watchSeconds} s (${looks} looks); healed ${seconds(healed - on)} after ${first.name} was switched on`,
    };
  },
};
