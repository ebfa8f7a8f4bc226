import type { Cluster } from '../cluster.ts';
import { leaderOf } from '../drills/leader.ts';
import type { RehearsedPlace } from '../place.ts';

const addresses = (slaves: readonly RehearsedPlace[]): string =>
  slaves.map(({ address }) => address).join(' ');

/** Drains slaves before they restart, with the documented program of a master; waits until their tasks have ended. */
export async function drain(cluster: Cluster, slaves: readonly RehearsedPlace[]): Promise<void> {
  cluster.say(`${slaves.map(({ name }) => name).join(', ')}: drained`);
  await cluster.run(leaderOf(cluster).name, `ingot-drain --wait 600 ${addresses(slaves)} 2>&1`);
}

/** Allows tasks on drained slaves again; their agents must be registered. */
export async function reactivate(cluster: Cluster, slaves: readonly RehearsedPlace[]): Promise<void> {
  await cluster.run(leaderOf(cluster).name, `ingot-drain --end ${addresses(slaves)} 2>&1`);
}
