import type { Drill } from '../drill.ts';
import { slavesOf } from '../view.ts';
import { elapsedText } from './leader.ts';
import { resetServices, startServices } from './reset-services.ts';

/** Seconds for which the agents run before any master. */
const withoutMasterSeconds = 10;

export const slavesFirst: Drill = {
  name: 'slaves-first',
  proves: 'slaves that are there before any master register when the masters come',
  quick: false,
  cannot: ({ slaves }) => (slaves === 0 ? 'it needs a slave' : undefined),
  run: async (cluster) => {
    await resetServices(cluster);
    await startServices(cluster, cluster.slaves);
    await cluster.watch.until({
      what: 'agents run without a master',
      limitSeconds: cluster.limit(30),
      holdSeconds: withoutMasterSeconds,
      missing: (view) =>
        slavesOf(view)
          .filter(({ sample }) => sample?.agent?.registered !== false)
          .map(({ place }) => `no waiting agent on ${place.name}`),
    });
    cluster.say('the masters start');
    const begun = cluster.now();
    await startServices(cluster, cluster.masters);
    const whole = await cluster.healthy(cluster.limit(90));
    return {
      saw: `agents waited ${withoutMasterSeconds} s without a master; all healthy ${elapsedText(whole - begun)} after the masters' services started. On running machines: the services were stopped and their state emptied`,
    };
  },
};
