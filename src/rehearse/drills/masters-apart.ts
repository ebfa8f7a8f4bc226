import type { Cluster } from '../cluster.ts';
import type { Drill } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { claimsElection } from '../judge/writers.ts';
import { elapsedText } from './leader.ts';
import { resetServices, startServices } from './reset-services.ts';

const apartSeconds = 60;

/** Waits for the pause between two masters. Fewer masters than a quorum must not lead during it. */
async function watchPause(cluster: Cluster, started: number, quorum: number): Promise<void> {
  const from = cluster.now();
  await cluster.watch.during(apartSeconds);
  const leads = cluster.watch.samplesSince(from).find((one) => one.from > from && claimsElection(one.sample));
  if (started < quorum && leads !== undefined)
    throw drillFailure(
      `${leads.node} is elected, though ${started} of ${cluster.masters.length} masters have started`,
    );
}

export const mastersApart: Drill = {
  name: 'masters-apart',
  proves: 'masters that start one minute apart make one cluster, and none leads before there is a quorum',
  quick: false,
  run: async (cluster) => {
    await resetServices(cluster);
    await startServices(cluster, cluster.slaves);
    const quorum = Math.floor(cluster.masters.length / 2) + 1;
    await cluster.closely(async () => {
      let started = 0;
      for (const place of cluster.masters) {
        if (started > 0) await watchPause(cluster, started, quorum);
        cluster.say(`${place.name} starts`);
        await startServices(cluster, [place]);
        started += 1;
      }
    });
    const begun = cluster.now();
    const whole = await cluster.healthy(cluster.limit(90));
    return {
      saw: `${cluster.masters.length} masters started ${apartSeconds} s apart, none led before the quorum; all healthy ${elapsedText(whole - begun)} after the last. On running machines: the services were stopped and their state emptied`,
    };
  },
};
