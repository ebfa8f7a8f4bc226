import type { Cluster } from '../cluster.ts';
import type { RehearsedPlace } from '../place.ts';
import { leaderOf } from './leader.ts';

/**
 * Gives the running masters the current seed one at a time, the leader last, as docs/rehearsal.md describes. Each
 * master must be able to write again before the next one's turn. The exception: if the other masters are not a majority
 * of its longer list, it serves only once enough of them have that list.
 */
export async function reseedMasters(cluster: Cluster, masters: readonly RehearsedPlace[]): Promise<void> {
  const leader = leaderOf(cluster);
  const order = [...masters].sort((a, b) => Number(a === leader) - Number(b === leader));
  const majority = (count: number): number => Math.floor(count / 2) + 1;
  let done = 0;
  for (const { name } of order) {
    cluster.say(`${name} gets the new seed`);
    await cluster.reseed(name);
    done += 1;
    const others = cluster.machines.filter(
      ({ place, isOn }) => isOn && place.role === 'master' && place.name !== name,
    );
    // ZooKeeper joins the serving members if they are a majority of its own list. If not, all members that have lost
    // theirs hold a new election.
    if (others.length < majority(cluster.masters.length) && done < majority(masters.length)) continue;
    await cluster.watch.until({
      what: `${name} serves with the new seed`,
      limitSeconds: cluster.limit(30),
      missing: ({ nodes }) =>
        nodes.some(({ place, sample }) => place.name === name && sample?.writes === true)
          ? []
          : [`ZooKeeper accepts no write on ${name}`],
    });
  }
}

/** Gives all slaves the current seed, all at once. */
export async function reseedSlaves(cluster: Cluster): Promise<void> {
  cluster.say('the slaves get the new seed');
  await Promise.all(cluster.slaves.map(({ name }) => cluster.reseed(name)));
}
