import { describe, expect, it } from 'vitest';
import { notYet } from '../../../../src/rehearse/judge/not-yet.ts';
import { masterPlaces } from '../../../../src/rehearse/place.ts';
import { healthySample, viewWith } from '../../../samples/node-samples.ts';

const first = '10.77.0.12:5050';
const elected = (is: boolean) => ({ elected: is, recovered: true, leader: first, quorum: 2, agents: 2 });

describe('a cluster', () => {
  it('in which all agree is healthy', () => {
    expect(notYet(viewWith())).toEqual([]);
  });

  it('without a scheduler is healthy without Marathon, but not without the rest', () => {
    const none = { scheduler: 'none', marathon: null };
    const all = { 'master-1': none, 'master-2': none, 'master-3': none };
    expect(notYet(viewWith(all))).toEqual([]);
    expect(notYet(viewWith({ ...all, 'master-3': { ...none, writes: false } }))).toEqual([
      'ZooKeeper accepts no write on master-3',
    ]);
    expect(notYet(viewWith({ 'master-3': { marathon: null } }))).toEqual([
      'Marathon of master-3 does not follow that of master-1',
    ]);
  });

  it('of one master is healthy with a standalone ZooKeeper', () => {
    const [place] = masterPlaces(1);
    if (place === undefined) throw new Error('one place is one');
    const sample = healthySample(place, true, {
      zookeeper: 'standalone',
      marathon: { leader: `${place.address}:8080`, apps: {} },
      master: { elected: true, recovered: true, leader: `${place.address}:5050`, quorum: 1, agents: 0 },
      elections: { mesos: `${place.address}:5050`, marathon: `${place.address}:8080` },
    });
    expect(notYet({ nodes: [{ place, sample, seed: [place.address] }] })).toEqual([]);
  });

  it.each([
    ['a node that is not up yet', { 'slave-1': null }, 'slave-1 has not come up'],
    ['a node without an address', { 'slave-1': { address: null } }, 'slave-1 has not come up'],
    [
      'two leaders of ZooKeeper',
      { 'master-2': { zookeeper: 'leader' } },
      "ZooKeeper's leaders: master-1 and master-2",
    ],
    ['a standalone ZooKeeper', { 'master-1': { zookeeper: 'standalone' } }, "ZooKeeper's leaders: none"],
    [
      'a ZooKeeper that waits',
      { 'master-3': { zookeeper: 'waiting' } },
      'ZooKeeper does not serve on master-3',
    ],
    [
      'a ZooKeeper that cannot write',
      { 'master-3': { writes: false } },
      'ZooKeeper accepts no write on master-3',
    ],
    [
      'two elected masters',
      { 'master-2': { master: elected(true) } },
      'elected masters: master-1 and master-2',
    ],
    ['no elected master', { 'master-1': { master: elected(false) } }, 'elected masters: none'],
    [
      'a registry that is not recovered',
      { 'master-1': { master: { ...elected(true), recovered: false } } },
      'the registry of master-1 is not recovered',
    ],
    [
      'a master that names another leader',
      { 'master-2': { master: { ...elected(false), leader: '10.77.0.13:5050' } } },
      `master-2 names 10.77.0.13:5050 as leader, not master-1 (${first})`,
    ],
    [
      'a master that knows no leader',
      { 'master-2': { master: { ...elected(false), leader: null } } },
      `master-2 names nobody as leader, not master-1 (${first})`,
    ],
    [
      'a master that does not answer',
      { 'master-2': { master: null } },
      `master-2 names nobody as leader, not master-1 (${first})`,
    ],
    [
      'an election that names another master',
      { 'master-3': { elections: { mesos: '10.77.0.13:5050', marathon: '10.77.0.12:8080' } } },
      `ZooKeeper's election names 10.77.0.13:5050 by the word of master-3, not master-1 (${first})`,
    ],
    [
      'an election of Marathon that names another instance',
      { 'master-3': { elections: { mesos: first, marathon: null } } },
      "Marathon's election names nobody by the word of master-3, not master-1",
    ],
    [
      'elections that cannot be read in time',
      { 'master-3': { elections: null } },
      'the elections in ZooKeeper cannot be read in time on master-3',
    ],
    [
      'an agent that is registered with another master',
      { 'slave-1': { agent: { registered: true, master: '10.77.0.13:5050' } } },
      'the agent of slave-1 is registered with 10.77.0.13:5050, not with master-1',
    ],
    ['no leader of Marathon', { 'master-1': { marathon: null } }, 'no Marathon leads'],
    [
      'a Marathon that follows another one',
      { 'master-2': { marathon: { leader: '10.77.0.99:8080', apps: null } } },
      'Marathon of master-2 does not follow that of master-1',
    ],
    [
      'an agent that is not registered',
      { 'slave-2': { agent: { registered: false, master: null } } },
      'no registered agent on slave-2',
    ],
    [
      'an agent that the elected master does not know',
      { 'master-1': { master: { ...elected(true), agents: 1 } } },
      '1 agents are registered, of 2 slaves',
    ],
    [
      'an additional agent',
      { 'master-1': { master: { ...elected(true), agents: 3 } } },
      '3 agents are registered, of 2 slaves',
    ],
  ])('with %s is not healthy yet', (_, changed, reason) => {
    expect(notYet(viewWith(changed))).toContain(reason);
  });
});
