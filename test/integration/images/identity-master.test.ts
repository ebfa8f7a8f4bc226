import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ran } from '../../unit/images/node-tree.ts';
import { IdentityNode, three } from './identity-node.ts';

let node: IdentityNode;
beforeEach(() => {
  node = new IdentityNode();
});
afterEach(() => {
  node.remove();
});

/** Runs a master that has the programs of one scheduler and a release.json that names another. */
function identityOf(held: string, said: string): Ran {
  node.write(
    '/usr/lib/ingot/release.json',
    JSON.stringify({ role: 'master', layout: 'mesosphere', scheduler: said }),
  );
  return node.runWith(held, '/usr/lib/ingot/identity', '--address=10.0.0.12');
}

describe('a master', () => {
  it('gets a quorum of two from a list of three, and its number from its position', () => {
    node.seed(three);
    expect(node.identity('master', '10.0.0.12')).toMatchObject({
      exitCode: 0,
      stdout: 'this node is demo-master-10-0-0-12\n',
    });
    expect(node.read('/etc/mesos-master/quorum')).toBe('2\n');
    expect(node.read('/var/lib/zookeeper/myid')).toBe('2\n');
    expect(node.read('/etc/zookeeper/conf/zoo.cfg').split('\n')).toEqual(
      expect.arrayContaining([
        'dataDir=/var/lib/zookeeper',
        'admin.enableServer=false',
        'server.1=10.0.0.11:2888:3888',
        'server.2=10.0.0.12:2888:3888',
        'server.3=10.0.0.13:2888:3888',
      ]),
    );
    expect(node.read('/etc/mesos/zk')).toBe('zk://10.0.0.11:2181,10.0.0.12:2181,10.0.0.13:2181/mesos\n');
    expect(node.read('/etc/default/marathon')).toBe(
      [
        'MARATHON_HOSTNAME=10.0.0.12',
        'MARATHON_HTTP_PORT=8080',
        'MARATHON_MASTER=zk://10.0.0.11:2181,10.0.0.12:2181,10.0.0.13:2181/mesos',
        'MARATHON_ZK=zk://10.0.0.11:2181,10.0.0.12:2181,10.0.0.13:2181/marathon',
        '',
      ].join('\n'),
    );
    for (const [file, content] of Object.entries({
      ip: '10.0.0.12',
      hostname: '10.0.0.12',
      cluster: 'demo',
    })) {
      expect(node.read(`/etc/mesos-master/${file}`)).toBe(`${content}\n`);
    }
    expect(node.read('/run/ingot/address')).toBe('10.0.0.12\n');
  });

  it.each([1, 3, 5, 7])('computes the quorum of %i masters as more than half', (count) => {
    const masters = Array.from({ length: count }, (_, index) => `10.0.0.${index + 1}`);
    node.seed(masters);
    expect(node.identity('master', '10.0.0.1').exitCode).toBe(0);
    expect(node.read('/etc/mesos-master/quorum')).toBe(`${Math.floor(count / 2) + 1}\n`);
  });

  it('runs ZooKeeper standalone if it is the only one', () => {
    node.seed(['10.0.0.11']);
    expect(node.identity('master', '10.0.0.11').exitCode).toBe(0);
    expect(node.read('/etc/zookeeper/conf/zoo.cfg')).not.toContain('server.');
    expect(node.read('/etc/mesos-master/quorum')).toBe('1\n');
  });

  it('resolves its own name and those of the other masters without a name server', () => {
    node.seed(three);
    node.identity('master', '10.0.0.12');
    expect(node.read('/etc/hostname')).toBe('demo-master-10-0-0-12\n');
    for (const last of [11, 12, 13]) {
      expect(node.read('/etc/hosts')).toContain(`10.0.0.${last} demo-master-10-0-0-${last}\n`);
    }
  });

  it('changes nothing the second time', () => {
    node.seed(three);
    node.identity('master', '10.0.0.11');
    const first = node.snapshot();
    expect(node.run('/usr/lib/ingot/identity', '--address=10.0.0.11').exitCode).toBe(0);
    expect(node.snapshot()).toEqual(first);
  });

  it('replaces whole files: additions by others are removed', () => {
    node.seed(three);
    node.identity('master', '10.0.0.11');
    const clean = node.read('/etc/zookeeper/conf/zoo.cfg');
    node.write('/etc/zookeeper/conf/zoo.cfg', `${clean}server.1=10.9.9.9:2888:3888\n`);
    node.identity('master', '10.0.0.11');
    expect(node.read('/etc/zookeeper/conf/zoo.cfg')).toBe(clean);
  });

  it('keeps its number when another master is replaced', () => {
    node.seed(three);
    node.identity('master', '10.0.0.13');
    node.seed(['10.0.0.11', '10.0.0.99', '10.0.0.13']);
    expect(node.identity('master', '10.0.0.13').exitCode).toBe(0);
    expect(node.read('/var/lib/zookeeper/myid')).toBe('3\n');
  });

  it('has no scheduler files in a cluster without a scheduler, even if the seed has a secret for one', () => {
    const file = '/var/lib/ingot/state/secrets/x';
    const ofMarathon = { marathon: { principal: 'marathon', file } };
    node.write(file, 'hunter2');
    chmodSync(join(node.folder, file), 0o600);
    for (const more of [{}, { secrets: ofMarathon }]) {
      node.seed(three, more);
      expect(node.identity('master', '10.0.0.12', 'clusterd', 'none').exitCode).toBe(0);
      expect(node.paths().filter((path) => /marathon/.test(path))).toEqual([]);
    }
    expect(node.paths()).toContain('/etc/mesos-master/quorum');
  });

  it('stops if its image names another scheduler than the one whose files it has', () => {
    node.seed(three);
    node.expectRefusal(
      identityOf('marathon', 'none'),
      "the image names the scheduler 'none', but has the files of 'marathon'",
    );
    node.expectRefusal(
      identityOf('none', 'marathon'),
      "the image names the scheduler 'marathon', but has the files of 'none'",
    );
  });

  it('stops with a message on the console if it is not in the list', () => {
    node.seed(three);
    node.expectRefusal(
      node.identity('master', '10.0.0.14'),
      "10.0.0.14 is not in the seed's list of masters",
    );
  });

  it('stops if it has the data of another master, so that no two have one number', () => {
    node.seed(three);
    node.write('/var/lib/zookeeper/myid', '3\n');
    node.expectRefusal(
      node.identity('master', '10.0.0.11'),
      'the data of master 3, but by the seed this node is master 1',
    );
    expect(node.read('/var/lib/zookeeper/myid')).toBe('3\n');
  });

  it('stops if two of its addresses are in the list: it cannot be two masters', () => {
    node.seed(three);
    node.addresses('10.0.0.11', '10.0.0.13', '192.168.0.9');
    node.expectRefusal(
      node.identity('master', '10.0.0.11'),
      "two addresses of this node, 10.0.0.11 and 10.0.0.13, are in the seed's list of masters: each master must be a separate machine",
    );
  });

  it('stops if its address in the list is not the one with which it reaches the masters', () => {
    node.seed(three);
    node.addresses('10.0.0.12', '192.168.0.9');
    node.expectRefusal(
      node.identity('master', '192.168.0.9'),
      "this node's own address is 192.168.0.9, but the seed's list of masters has 10.0.0.12 of this node",
    );
  });

  it('finds its address in the network that the seed names, independent of the route', () => {
    node.seed(three, { network: '10.0.0.0/24' });
    node.addresses('10.0.0.12', '192.168.0.9');
    expect(node.identityAlone('master')).toMatchObject({
      exitCode: 0,
      stdout: 'this node is demo-master-10-0-0-12\n',
    });
  });

  it('writes its identity for ingot-status and the login', () => {
    node.seed(three);
    node.identity('master', '10.0.0.12');
    expect(JSON.parse(node.read('/run/ingot/identity.json'))).toEqual({
      cluster: 'demo',
      address: '10.0.0.12',
      name: 'demo-master-10-0-0-12',
      masters: three,
      quorum: 2,
      zooKeeperId: 2,
    });
    expect(node.read('/run/ingot/who')).toBe('demo-master-10-0-0-12 (10.0.0.12), master 2 of 3, quorum 2\n');
  });

  it('stops without a data partition', () => {
    node.seed(three);
    node.write('/run/ingot/diskless', 'no partition labelled ingot-data\n');
    node.expectRefusal(
      node.identity('master', '10.0.0.11'),
      'so ZooKeeper is not started: no partition labelled ingot-data',
    );
  });

  it('stops on a full disk, and does not write its number', () => {
    node.seed(three);
    node.write('/run/ingot/state-full', 'the state disk is full: 3 MiB\n');
    node.expectRefusal(
      node.identity('master', '10.0.0.11'),
      'ZooKeeper would lose acknowledged data on a full disk',
    );
    expect(node.paths()).not.toContain('/var/lib/zookeeper/myid');
  });

  it('stops if its state is not on the disk that the seed names', () => {
    node.seed(three, { data: { disk: '/dev/vdb', format: 'if-blank' } });
    node.expectRefusal(node.identity('master', '10.0.0.11'), 'could not read this seed');
    node.write('/run/ingot/data-named', 'disk /dev/vdc\n');
    node.expectRefusal(node.identity('master', '10.0.0.11'), 'read the disk /dev/vdc in its seed');
    node.write('/run/ingot/data-named', 'disk /dev/vdb\n');
    expect(node.identity('master', '10.0.0.11').exitCode).toBe(0);
  });

  it('leaves the old file unchanged if it cannot write the new one', () => {
    node.seed(three);
    node.identity('master', '10.0.0.11');
    const before = node.read('/etc/mesos/zk');
    node.seed(['10.0.0.11', '10.0.0.98', '10.0.0.99']);
    // The result of any write on a full disk: the new file cannot be created.
    node.write('/etc/mesos/zk.new/in the way', '');
    const ran = node.identity('master', '10.0.0.11');
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain('/etc/mesos/zk cannot be written');
    expect(node.read('/etc/mesos/zk')).toBe(before);
  });

  it('joins after the cause of a refusal was fixed, and removes the record of the refusal', () => {
    node.seed(three);
    node.identity('master', '10.0.0.14');
    expect(node.paths()).toContain('/run/ingot/identity-failed');
    expect(node.identity('master', '10.0.0.11').exitCode).toBe(0);
    expect(node.paths()).not.toContain('/run/ingot/identity-failed');
  });
});
