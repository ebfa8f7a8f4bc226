import type { NodeSample } from '../../src/rehearse/node-sample.ts';
import type { Faults } from './model-faults.ts';
import { type ModelNode, serves } from './model-node.ts';

/** A model cluster in one second. */
export interface ModelMoment {
  readonly faults: Faults;
  readonly second: number;
  /** The masters that see each other and have a majority. */
  readonly members: readonly ModelNode[];
  readonly leader: ModelNode | undefined;
  readonly elections: number;
  /** The number of agents whose services answer. */
  readonly agents: number;
  readonly apps: Readonly<Record<string, number>>;
}

/** The agent's id: it depends on the machine, its disk, and how often somebody emptied the agent; null on a master. */
export function modelAgentId(node: ModelNode, faults: Faults, elections: number): string | null {
  const { place, boots, disks, agents } = node;
  const { losesAgents, forgetsIdentity } = faults;
  const boot = forgetsIdentity === true ? ` boot ${boots}` : '';
  return place.role === 'master'
    ? null
    : `agent ${place.name} disk ${disks}${boot} ${agents}${losesAgents === true ? ` ${elections}` : ''}`;
}

/** The sample of a node; `still` is true for a leader that was cut off and continues to lead. */
export function modelSample(node: ModelNode, still: boolean, moment: ModelMoment): NodeSample {
  const { faults, second, members, leader } = moment;
  const { place, version, seed, boots, disks } = node;
  const { name, role, address } = place;
  const isMember = members.includes(node);
  const id = `${name} disk ${disks}${faults.forgetsIdentity === true ? ` boot ${boots}` : ''}`;
  const master = role === 'master';
  const answers = serves(node, second);
  const leads = (isMember && leader === node) || still;
  const each = faults.eachLeads === true;
  const whole = members.length > 0 && leader !== undefined && members.includes(leader);
  const writes = master && answers && (isMember ? whole : still && faults.splitBrain === true);
  const sees = writes && leader !== undefined;
  // If a master is cut off and continues to lead, its own half of ZooKeeper still has its node.
  const named = still ? address : (leader?.place.address ?? '');
  return {
    ...{ at: Date.now() / 1000 - 0.1, took: 0.1, address, role, hostName: `demo-${name}` },
    ...{ identityFailed: null, bootId: `${name} boot ${boots}`, machineId: `machine ${id}` },
    ...{ hostKey: `key ${id}`, version, rootHash: `root of ${role}`, standIns: ['mesos 1'] },
    scheduler: faults.withoutScheduler === true ? 'none' : 'marathon',
    agentId: modelAgentId(node, faults, moment.elections),
    zookeeperId: master && !node.stopped ? String(seed.indexOf(address) + 1) : null,
    zookeeper:
      !master || !answers ? null : isMember ? (leads ? 'leader' : 'follower') : still ? 'leader' : 'waiting',
    writes,
    master:
      master && answers
        ? {
            elected: leads || each,
            recovered: true,
            leader: each ? `${address}:5050` : whole || still ? `${leader?.place.address ?? ''}:5050` : null,
            quorum: Math.floor(seed.length / 2) + 1,
            agents: leads && whole ? moment.agents : 0,
          }
        : null,
    elections: sees ? { mesos: each ? null : `${named}:5050`, marathon: `${named}:8080` } : null,
    agent:
      !master && answers
        ? {
            registered: whole && second >= node.ready + (faults.agentLateSeconds ?? 0),
            master: whole ? `${leader.place.address}:5050` : null,
          }
        : null,
    marathon:
      master && answers && faults.withoutScheduler !== true
        ? {
            leader: whole && isMember ? `${leader.place.address}:8080` : still ? `${address}:8080` : null,
            apps: leads ? { ...moment.apps } : null,
          }
        : null,
  };
}
