import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeTree, type Ran } from './node-tree.ts';

const three = ['10.0.0.11', '10.0.0.12', '10.0.0.13'];

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write('/dev/console', '');
});
afterEach(() => {
  tree.remove();
});

function seed(masters: readonly unknown[], more: object = {}): void {
  tree.write('/etc/ingot/cluster.json', JSON.stringify({ version: 1, cluster: 'demo', masters, ...more }));
}

function identity(role: string, address: string, layout = 'mesosphere'): Ran {
  tree.write('/usr/lib/ingot/release.json', JSON.stringify({ role, layout, production: false }));
  return tree.run('/usr/lib/ingot/identity', `--address=${address}`);
}

/** The node refused: it said so everywhere that a person may look, and wrote no configuration. */
function expectRefusal(ran: Ran, reason: string): void {
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain(reason);
  expect(tree.read('/dev/console')).toContain(reason);
  expect(tree.read('/run/ingot/identity-failed')).toContain(reason);
  expect(tree.paths().filter((path) => /^\/etc\/(zookeeper|mesos|default|hostname)/.test(path))).toEqual([]);
}

describe('a master', () => {
  it('gets a quorum of two from a list of three, and its number from its position', () => {
    seed(three);
    expect(identity('master', '10.0.0.12')).toMatchObject({
      exitCode: 0,
      stdout: 'this node is demo-master-10-0-0-12\n',
    });
    expect(tree.read('/etc/mesos-master/quorum')).toBe('2\n');
    expect(tree.read('/var/lib/zookeeper/myid')).toBe('2\n');
    expect(tree.read('/etc/zookeeper/conf/zoo.cfg').split('\n')).toEqual(
      expect.arrayContaining([
        'dataDir=/var/lib/zookeeper',
        'admin.enableServer=false',
        'server.1=10.0.0.11:2888:3888',
        'server.2=10.0.0.12:2888:3888',
        'server.3=10.0.0.13:2888:3888',
      ]),
    );
    expect(tree.read('/etc/mesos/zk')).toBe('zk://10.0.0.11:2181,10.0.0.12:2181,10.0.0.13:2181/mesos\n');
    expect(tree.read('/etc/default/marathon')).toBe(
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
      expect(tree.read(`/etc/mesos-master/${file}`)).toBe(`${content}\n`);
    }
    expect(tree.read('/run/ingot/address')).toBe('10.0.0.12\n');
  });

  it.each([1, 3, 5, 7])('derives the quorum of %i masters as more than half', (count) => {
    const masters = Array.from({ length: count }, (_, index) => `10.0.0.${index + 1}`);
    seed(masters);
    expect(identity('master', '10.0.0.1').exitCode).toBe(0);
    expect(tree.read('/etc/mesos-master/quorum')).toBe(`${Math.floor(count / 2) + 1}\n`);
  });

  it('that is the only one runs ZooKeeper standalone', () => {
    seed(['10.0.0.11']);
    expect(identity('master', '10.0.0.11').exitCode).toBe(0);
    expect(tree.read('/etc/zookeeper/conf/zoo.cfg')).not.toContain('server.');
    expect(tree.read('/etc/mesos-master/quorum')).toBe('1\n');
  });

  it('can resolve its own name and those of the other masters without a name server', () => {
    seed(three);
    identity('master', '10.0.0.12');
    expect(tree.read('/etc/hostname')).toBe('demo-master-10-0-0-12\n');
    for (const last of [11, 12, 13]) {
      expect(tree.read('/etc/hosts')).toContain(`10.0.0.${last} demo-master-10-0-0-${last}\n`);
    }
  });

  it('writes nothing the second time', () => {
    seed(three);
    identity('master', '10.0.0.11');
    const first = tree.snapshot();
    expect(tree.run('/usr/lib/ingot/identity', '--address=10.0.0.11').exitCode).toBe(0);
    expect(tree.snapshot()).toEqual(first);
  });

  it('writes files whole: what somebody added to one is gone', () => {
    seed(three);
    identity('master', '10.0.0.11');
    const clean = tree.read('/etc/zookeeper/conf/zoo.cfg');
    tree.write('/etc/zookeeper/conf/zoo.cfg', `${clean}server.1=10.9.9.9:2888:3888\n`);
    identity('master', '10.0.0.11');
    expect(tree.read('/etc/zookeeper/conf/zoo.cfg')).toBe(clean);
  });

  it('whose neighbour was replaced keeps its number', () => {
    seed(three);
    identity('master', '10.0.0.13');
    seed(['10.0.0.11', '10.0.0.99', '10.0.0.13']);
    expect(identity('master', '10.0.0.13').exitCode).toBe(0);
    expect(tree.read('/var/lib/zookeeper/myid')).toBe('3\n');
  });

  it('that is not in the list stops and says so on the console', () => {
    seed(three);
    expectRefusal(identity('master', '10.0.0.14'), "10.0.0.14 is not in the seed's list of masters");
  });

  it('with the data of another master stops, so that no two have one number', () => {
    seed(three);
    tree.write('/var/lib/zookeeper/myid', '3\n');
    expectRefusal(
      identity('master', '10.0.0.11'),
      'the data of master 3, but the seed makes the node master 1',
    );
    expect(tree.read('/var/lib/zookeeper/myid')).toBe('3\n');
  });

  it('without a data partition stops', () => {
    seed(three);
    tree.write('/run/ingot/diskless', 'no partition labelled ingot-data\n');
    expectRefusal(
      identity('master', '10.0.0.11'),
      'so ZooKeeper is not started: no partition labelled ingot-data',
    );
  });

  it('on a full disk stops, and its number is not written', () => {
    seed(three);
    tree.write('/run/ingot/state-full', 'the disk of state is full: 3 MiB\n');
    expectRefusal(identity('master', '10.0.0.11'), 'ZooKeeper on a full disk');
    expect(tree.paths()).not.toContain('/var/lib/zookeeper/myid');
  });

  it('whose state does not lie on the disk that the seed names stops', () => {
    seed(three, { data: { disk: '/dev/vdb', format: 'if-blank' } });
    expectRefusal(identity('master', '10.0.0.11'), 'could not read this seed');
    tree.write('/run/ingot/data-named', 'disk /dev/vdc\n');
    expectRefusal(identity('master', '10.0.0.11'), 'was told the disk /dev/vdc');
    tree.write('/run/ingot/data-named', 'disk /dev/vdb\n');
    expect(identity('master', '10.0.0.11').exitCode).toBe(0);
  });

  it('that cannot write a file leaves what it said before, and no half of it', () => {
    seed(three);
    identity('master', '10.0.0.11');
    const before = tree.read('/etc/mesos/zk');
    seed(['10.0.0.11', '10.0.0.98', '10.0.0.99']);
    // What every writing ends in on a full disk: the new file cannot be made.
    tree.write('/etc/mesos/zk.new/in the way', '');
    const ran = identity('master', '10.0.0.11');
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain('/etc/mesos/zk cannot be written');
    expect(tree.read('/etc/mesos/zk')).toBe(before);
  });

  it('that was refused and then mended joins, and the trace of the refusal is gone', () => {
    seed(three);
    identity('master', '10.0.0.14');
    expect(tree.paths()).toContain('/run/ingot/identity-failed');
    expect(identity('master', '10.0.0.11').exitCode).toBe(0);
    expect(tree.paths()).not.toContain('/run/ingot/identity-failed');
  });
});

describe('a slave', () => {
  it.each([
    ['mesosphere', 'mesos-slave'],
    ['clusterd', 'mesos-agent'],
  ])('of layout %s is configured in /etc/%s', (layout, folder) => {
    seed(three);
    expect(identity('slave', '10.0.0.50', layout).exitCode).toBe(0);
    expect(tree.read(`/etc/${folder}/ip`)).toBe('10.0.0.50\n');
    expect(tree.read(`/etc/${folder}/hostname`)).toBe('10.0.0.50\n');
    expect(tree.read('/etc/mesos/zk')).toContain('/mesos');
    // A stray file there would be an unknown flag, and the agent would not start.
    expect(tree.paths().filter((path) => path.startsWith(`/etc/${folder}/`))).toEqual([
      `/etc/${folder}/hostname`,
      `/etc/${folder}/ip`,
    ]);
    expect(tree.paths().filter((path) => /zookeeper|marathon|mesos-master/.test(path))).toEqual([]);
  });

  it('gets the attributes of the seed in the form of the flag', () => {
    seed(three, { attributes: { zone: 'b', rack: 'r1' } });
    identity('slave', '10.0.0.50');
    expect(tree.read('/etc/mesos-slave/attributes')).toBe('rack:r1;zone:b\n');
  });

  it('whose state does not lie on the disk that the seed names joins, and says so on the console', () => {
    seed(three, { data: { label: 'fast' } });
    expect(identity('slave', '10.0.0.50').exitCode).toBe(0);
    expect(tree.read('/dev/console')).toContain('the seed names the label fast for the data of every node');
  });

  it('may do without a data partition', () => {
    seed(three);
    tree.write('/run/ingot/diskless', '');
    expect(identity('slave', '10.0.0.50').exitCode).toBe(0);
  });
});

describe('a node', () => {
  it('without a seed stops and says where one is looked for', () => {
    expectRefusal(identity('master', '10.0.0.11'), 'there is no cluster seed (/etc/ingot/cluster.json)');
  });

  it.each<[string, string, string]>([
    ['no JSON', '{"version": 1,', 'is no JSON'],
    ['another version', '{"version": 2, "cluster": "demo", "masters": ["10.0.0.1"]}', '"version": 1'],
    ['a misspelt key', '{"version": 1, "cluster": "demo", "master": ["10.0.0.1"]}', 'unknown key: master'],
    ['no masters', '{"version": 1, "cluster": "demo", "masters": []}', 'must be a list of addresses'],
    ['an even number', '{"version": 1, "cluster": "demo", "masters": ["10.0.0.1", "10.0.0.2"]}', '2 masters'],
    [
      'a doubled master',
      '{"version": 1, "cluster": "demo", "masters": ["10.0.0.1", "10.0.0.1", "10.0.0.2"]}',
      'stands in masters twice',
    ],
    [
      'a name for an address',
      '{"version": 1, "cluster": "demo", "masters": ["m1"]}',
      "'m1' in masters is no IPv4",
    ],
    [
      'a number for an address',
      '{"version": 1, "cluster": "demo", "masters": [1]}',
      '1 in masters is no IPv4',
    ],
    [
      'a name that breaks files',
      '{"version": 1, "cluster": "a\\nb", "masters": ["10.0.0.1"]}',
      'cluster must be',
    ],
    [
      'attributes that break the flag',
      '{"version": 1, "cluster": "demo", "masters": ["10.0.0.1"], "attributes": {"a": "b;c:d"}}',
      'without ; and :',
    ],
    ...['[]', '{}', '{"label":"a","disk":"/dev/b"}', '{"disk":"vdb"}', '{"disk":"/dev/../etc"}'].map(
      (data): [string, string, string] => [
        `a data disk of ${data}`,
        `{"version": 1, "cluster": "demo", "masters": ["10.0.0.1"], "data": ${data}}`,
        'data must be',
      ],
    ),
    [
      'a label to format',
      '{"version": 1, "cluster": "demo", "masters": ["10.0.0.1"], "data": {"label": "a", "format": "if-blank"}}',
      'data must be',
    ],
  ])('refuses a seed with %s', (_, text, reason) => {
    tree.write('/etc/ingot/cluster.json', text);
    expectRefusal(identity('master', '10.0.0.1'), reason);
  });

  it('refuses a layout that it does not know', () => {
    seed(three);
    expectRefusal(identity('slave', '10.0.0.50', 'other'), "layout 'other'");
  });

  it('finds its own address by the route towards the first master', () => {
    seed(['127.0.0.1']);
    tree.write('/usr/lib/ingot/release.json', JSON.stringify({ role: 'slave', layout: 'mesosphere' }));
    expect(tree.run('/usr/lib/ingot/identity').exitCode).toBe(0);
    expect(tree.read('/run/ingot/address')).toBe('127.0.0.1\n');
  });
});
