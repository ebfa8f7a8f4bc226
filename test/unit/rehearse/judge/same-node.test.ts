import { describe, expect, it } from 'vitest';
import { restartDifferences } from '../../../../src/rehearse/judge/same-node.ts';
import { healthySample, two } from '../../../samples/node-samples.ts';

const [slave] = two;
if (slave === undefined) throw new Error('two places are two');
const before = healthySample(slave);

describe('a node after its restart', () => {
  it('is the same if only its boot id differs', () => {
    expect(restartDifferences('slave-1', before, { ...before, bootId: 'another', at: 2000 })).toEqual([]);
  });

  it('was not restarted if its boot id is the same', () => {
    expect(restartDifferences('slave-1', before, before)).toEqual(['slave-1 was not restarted']);
  });

  it.each([
    ['address', 'address'],
    ['host name', 'hostName'],
    ['machine-id', 'machineId'],
    ['SSH host key', 'hostKey'],
    ['version', 'version'],
    ['root hash', 'rootHash'],
    ['agent id', 'agentId'],
    ['ZooKeeper id', 'zookeeperId'],
  ] as const)('is a different one with another %s', (title, key) => {
    expect(restartDifferences('slave-1', before, { ...before, bootId: 'another', [key]: 'x' })).toEqual([
      `${title} of slave-1 was ${before[key] ?? 'none'} and is x`,
    ]);
  });
});
