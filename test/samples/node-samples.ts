import type { NodeSample } from '../../src/rehearse/node-sample.ts';
import { masterPlaces, type RehearsedPlace, slavePlaces } from '../../src/rehearse/place.ts';
import type { ClusterView, NodeView } from '../../src/rehearse/view.ts';

export const three = masterPlaces(3);
export const two = slavePlaces(2);
const addresses = three.map(({ address }) => address);

/** A sample of a healthy node; `leads`: it is the leader of every service. */
export function healthySample(
  place: RehearsedPlace,
  leads = false,
  more: Partial<NodeSample> = {},
): NodeSample {
  const { name, role, address } = place;
  const [leader] = addresses;
  const elected = `${leader ?? ''}:5050`;
  const shared = {
    at: 1000,
    took: 0.2,
    address,
    role,
    bootId: `boot of ${name}`,
    hostName: `demo-${role}-${address.replaceAll('.', '-')}`,
    machineId: `machine of ${name}`,
    hostKey: `key of ${name}`,
    version: '20261127-aaaaaaaaaaaa',
    rootHash: `root of ${role}`,
    standIns: [],
    scheduler: 'marathon',
    identityFailed: null,
  };
  if (role === 'slave')
    return {
      ...shared,
      ...{ agentId: `agent of ${name}`, zookeeperId: null, zookeeper: null, writes: false },
      ...{ master: null, agent: { registered: true, master: elected }, marathon: null },
      elections: null,
      ...more,
    };
  return {
    ...shared,
    ...{ agentId: null, zookeeperId: String(addresses.indexOf(address) + 1), writes: true, agent: null },
    zookeeper: leads ? 'leader' : 'follower',
    master: { elected: leads, recovered: true, leader: elected, quorum: 2, agents: leads ? 2 : 0 },
    elections: { mesos: elected, marathon: `${leader ?? ''}:8080` },
    marathon: { leader: `${leader ?? ''}:8080`, apps: leads ? { '/ingot-rehearsal': 1 } : null },
    ...more,
  };
}

/**
 * A healthy cluster of three masters, of which the first leads, and two slaves; with other samples of some nodes (null:
 * none).
 */
export function viewWith(changed: Readonly<Record<string, Partial<NodeSample> | null>> = {}): ClusterView {
  const nodes = [...three, ...two].map((place, index): NodeView => {
    const more = changed[place.name];
    return {
      place,
      seed: addresses,
      sample: more === null ? undefined : healthySample(place, index === 0, more),
    };
  });
  return { nodes };
}
