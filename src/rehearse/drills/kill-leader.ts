import { appId, appNotYet, ensureApp } from '../app.ts';
import type { Cluster } from '../cluster.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { agentsNotYet, electionNotYet, notYet } from '../judge/not-yet.ts';
import type { RehearsedPlace } from '../place.ts';
import { elapsedText, leaderOf, needsThree } from './leader.ts';

/** The time for which ZooKeeper keeps the election node of a master that has ended (Mesos, --zk_session_timeout). */
const sessionSeconds = 10;
/** The time for which a ZooKeeper follower waits for its leader (zoo.cfg: syncLimit 10 of tickTime 2 s). */
const followSeconds = 20;

/** The agents' ids, which must be the same before and after. */
function agentIds(cluster: Cluster): string {
  return cluster.slaves.map(({ name }) => cluster.watch.sampleOf(name)?.agentId ?? 'none').join(' ');
}

/**
 * Powers the leader off, and waits until all others are healthy under another leader. Times are milliseconds since
 * 1970.
 */
async function kill(
  cluster: Cluster,
  killed: RehearsedPlace,
  app: boolean,
): Promise<{ begun: number; elected: number; next: RehearsedPlace; whole: number }> {
  const begun = cluster.now();
  await cluster.powerOff(killed.name);
  cluster.say(`${killed.name} has no power any more`);
  const elected = await cluster.watch.until({
    what: `another master than ${killed.name} leads`,
    limitSeconds: cluster.limit(30),
    missing: electionNotYet,
  });
  const next = leaderOf(cluster);
  cluster.say(`${next.name} leads`);
  const whole = await cluster.watch.until({
    what: `all but ${killed.name} are healthy${app ? `, and the app ${appId} runs` : ''}`,
    limitSeconds: cluster.limit(30) + 60,
    missing: (view) => [...notYet(view), ...agentsNotYet(view), ...(app ? appNotYet(view) : [])],
  });
  return { begun, elected, next, whole };
}

export const killLeader: Drill = {
  name: 'kill-leader',
  proves: 'the leading master loses its power: another leads, nothing is lost, and it returns as a follower',
  quick: true,
  cannot: needsThree,
  run: async (cluster) => {
    const app = await ensureApp(cluster);
    const agents = agentIds(cluster);
    const killed = leaderOf(cluster);
    const wasZooKeepers = cluster.watch.sampleOf(killed.name)?.zookeeper === 'leader';
    const { begun, elected, next, whole } = await cluster.closely(() => kill(cluster, killed, app));
    if (agentIds(cluster) !== agents)
      throw drillFailure('agents are others than before', [`before: ${agents}`, `now: ${agentIds(cluster)}`]);
    cluster.say(`${killed.name} is switched on again`);
    const on = cluster.now();
    await cluster.powerOn(killed.name);
    const back = await cluster.healthy(cluster.limit(60));
    if (leaderOf(cluster).name === killed.name)
      throw drillFailure(`${killed.name} took the lead from ${next.name} when it returned`);
    return {
      saw: [
        `${killed.name} lost its power; ${next.name} led after ${elapsedText(elected - begun)} (ZooKeeper's session itself lasts ${sessionSeconds} s${wasZooKeepers ? `; it led ZooKeeper as well, which its followers notice within ${followSeconds} s` : ''})`,
        `${app ? 'app and agents known and running' : 'agents known'} after ${elapsedText(whole - begun)}`,
        `it followed ${elapsedText(back - on)} after power-on`,
      ].join('; '),
    };
  },
};
