import type { Cluster } from '../cluster.ts';
import type { Place } from '../place.ts';
import { leaderOf } from './leader.ts';

/**
 * Gives the running masters the seed of now, one at a time, the leader last, as docs/rehearsal.md has it; each has to be able to write again before the
 * next one's turn.
 */
export async function reseedMasters(cluster: Cluster, masters: readonly Place[]): Promise<void> {
  const leader = leaderOf(cluster);
  const order = [...masters].sort((a, b) => Number(a === leader) - Number(b === leader));
  for (const { name } of order) {
    cluster.say(`${name} gets the new seed`);
    await cluster.reseed(name);
    await cluster.watch.until({
      what: `${name} serves with the new seed`,
      limitSeconds: cluster.limit(30),
      missing: ({ nodes }) =>
        nodes.some(({ place, look }) => place.name === name && look?.writes === true)
          ? []
          : [`ZooKeeper accepts no write on ${name}`],
    });
  }
}

/** Gives all slaves the seed of now, all at once. */
export async function reseedSlaves(cluster: Cluster): Promise<void> {
  cluster.say('the slaves get the new seed');
  await Promise.all(cluster.slaves.map(({ name }) => cluster.reseed(name)));
}
