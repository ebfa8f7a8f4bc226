import type { Cluster } from '../cluster.ts';
import { leaderOf } from '../drills/leader.ts';
import { electionNotYet } from '../judge/not-yet.ts';
import type { RehearsedPlace } from '../place.ts';

const addresses = (slaves: readonly RehearsedPlace[]): string =>
  slaves.map(({ address }) => address).join(' ');

/** Drains slaves before they restart, with the documented program of a master; waits until their tasks have ended. */
export async function drain(cluster: Cluster, slaves: readonly RehearsedPlace[]): Promise<void> {
  cluster.say(`${slaves.map(({ name }) => name).join(', ')}: drained`);
  await cluster.run(leaderOf(cluster).name, `ingot-drain --wait 600 ${addresses(slaves)} 2>&1`);
}

/**
 * Allows tasks on drained slaves again, once their agents are registered. Until then a master does not count them as
 * active, so the cluster is not healthy.
 */
export async function reactivate(cluster: Cluster, slaves: readonly RehearsedPlace[]): Promise<void> {
  await cluster.watch.until({
    what: `the agents of ${slaves.map(({ name }) => name).join(', ')} are registered`,
    limitSeconds: cluster.limit(120) + 60,
    missing: (view) => [
      ...electionNotYet(view),
      ...view.nodes
        .filter(
          ({ place, sample }) =>
            slaves.some(({ name }) => name === place.name) && sample?.agent?.registered !== true,
        )
        .map(({ place }) => `the agent of ${place.name} is not registered`),
    ],
    holdSeconds: 2,
  });
  await cluster.run(leaderOf(cluster).name, `ingot-drain --end ${addresses(slaves)} 2>&1`);
}
