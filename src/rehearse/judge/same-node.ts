import type { NodeSample } from '../node-sample.ts';

const lasting = [
  ['address', 'address'],
  ['host name', 'hostName'],
  ['machine-id', 'machineId'],
  ['SSH host key', 'hostKey'],
  ['version', 'version'],
  ['root hash', 'rootHash'],
  ['agent id', 'agentId'],
  ['ZooKeeper id', 'zookeeperId'],
] as const;

/** What changed on a node across its restart, or that it was not restarted; empty if it is the same node. */
export function restartDifferences(name: string, before: NodeSample, after: NodeSample): string[] {
  const changed = lasting
    .filter(([, key]) => before[key] !== after[key])
    .map(([title, key]) => `${title} of ${name} was ${before[key] ?? 'none'} and is ${after[key] ?? 'none'}`);
  return before.bootId === after.bootId ? [`${name} was not restarted`, ...changed] : changed;
}
