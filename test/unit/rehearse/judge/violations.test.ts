import { describe, expect, it } from 'vitest';
import { unelectedLeaders, violations } from '../../../../src/rehearse/judge/violations.ts';
import { viewWith } from '../../../samples/node-samples.ts';

const master = { elected: false, recovered: true, leader: '10.77.0.12:5050', quorum: 2, agents: 0 };

describe('a violation', () => {
  it('does not exist in a healthy cluster, nor in one that is starting', () => {
    expect(violations(viewWith())).toEqual([]);
    expect(violations(viewWith({ 'master-1': null, 'slave-1': { address: null, agentId: null } }))).toEqual(
      [],
    );
  });

  it('is a ZooKeeper id by sorted order', () => {
    // The list is .12, .13, .11: sorted, the first would be the second.
    expect(violations(viewWith({ 'master-1': { zookeeperId: '2' } }))).toEqual([
      'master-1 is master 1 of the list, but its ZooKeeper id is 2',
    ]);
  });

  it('is a quorum of one', () => {
    expect(violations(viewWith({ 'master-2': { master: { ...master, quorum: 1 } } }))).toEqual([
      'the registry of master-2 has a quorum of 1 (/flags), and the list of 3 masters needs 2',
    ]);
  });

  it('is a master whose image has another scheduler than the others', () => {
    expect(violations(viewWith({ 'master-2': { scheduler: 'none', marathon: null } }))).toEqual([
      'masters have different schedulers: marathon on master-1, none on master-2, marathon on master-3',
    ]);
    const none = { scheduler: 'none', marathon: null };
    expect(violations(viewWith({ 'master-1': none, 'master-2': none, 'master-3': none }))).toEqual([]);
  });

  it('does not depend on how many log replicas are known at the moment: the flag counts, and one that cannot be read proves nothing', () => {
    expect(violations(viewWith({ 'master-2': { master: { ...master, quorum: null } } }))).toEqual([]);
  });

  it.each([
    ['names another one', '10.77.0.12:5050', '10.77.0.12:5050'],
    ['is held by nobody', null, 'nobody'],
  ])('is a master that leads while the election %s', (_, mesos, says) => {
    const leads = { ...master, elected: true, leader: '10.77.0.13:5050' };
    const elections = { mesos, marathon: null };
    expect(unelectedLeaders(viewWith({ 'master-2': { master: leads, elections } }))).toEqual([
      `master-2 leads only by its own report: ZooKeeper's election names ${says}; does it run with --zk?`,
    ]);
    // A master that is cut off cannot see the election, and learns later that it has lost.
    const cutOff = { master: leads, elections: null, writes: false };
    expect(unelectedLeaders(viewWith({ 'master-2': cutOff }))).toEqual([]);
    // A master that was too slow to read it does not lead by itself either.
    expect(unelectedLeaders(viewWith({ 'master-2': { ...cutOff, writes: true } }))).toEqual([]);
  });

  it('is a service of the other role', () => {
    expect(
      violations(
        viewWith({
          'master-1': { agent: { registered: true, master: null } },
          'slave-1': { master, zookeeper: 'standalone', marathon: { leader: null, apps: null } },
        }),
      ),
    ).toEqual([
      'a Mesos agent runs on master-1, a master',
      'a Mesos master runs on slave-1, a slave',
      'ZooKeeper runs on slave-1, a slave',
      'Marathon runs on slave-1, a slave',
    ]);
  });

  it('is an agent id that two slaves share, or any other id that must be unique', () => {
    expect(violations(viewWith({ 'slave-2': { agentId: 'agent of slave-1' } }))).toEqual([
      'slave-1 and slave-2 have one agent id, agent of slave-1',
    ]);
    expect(
      violations(
        viewWith({
          'slave-1': { machineId: 'm', hostKey: 'k', hostName: 'h' },
          'master-3': { machineId: 'm', hostKey: 'k', hostName: 'h' },
        }),
      ),
    ).toEqual([
      'master-3 and slave-1 have one machine-id, m',
      'master-3 and slave-1 have one SSH host key, k',
      'master-3 and slave-1 have one host name, h',
    ]);
  });

  it('is a node that refuses to join, with its reason', () => {
    expect(
      violations(viewWith({ 'master-2': { identityFailed: 'its address is not in the list' } })),
    ).toEqual(['master-2 does not join: its address is not in the list']);
  });
});
