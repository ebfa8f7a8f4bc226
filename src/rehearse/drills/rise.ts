import type { Drill } from '../drill.ts';
import { requireHealthyUnits } from './healthy-units.ts';

export const rise: Drill = {
  name: 'rise',
  proves:
    'a cluster rises by itself from machines that were never on, all switched on at once, with one seed',
  quick: true,
  run: async (cluster) => {
    await cluster.powerOn(...cluster.machines.map(({ place }) => place.name));
    await cluster.healthy(cluster.limit(150));
    await requireHealthyUnits(cluster, [...cluster.masters, ...cluster.slaves]);
    return {
      saw: `${cluster.masters.length} masters and ${cluster.slaves.length} slaves, all switched on at once`,
    };
  },
};
