import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeTree, type Ran } from '../../unit/images/node-tree.ts';

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

function identity(role: string, address: string, layout = 'mesosphere', scheduler = 'marathon'): Ran {
  tree.write('/usr/lib/ingot/release.json', JSON.stringify({ role, layout, scheduler, production: false }));
  return tree.run('/usr/lib/ingot/identity', `--address=${address}`);
}

/** Runs a master that has the programs of one scheduler and a release.json that names another. */
function identityOf(held: string, said: string): Ran {
  tree.write(
    '/usr/lib/ingot/release.json',
    JSON.stringify({ role: 'master', layout: 'mesosphere', scheduler: said }),
  );
  return tree.runWith(held, '/usr/lib/ingot/identity', '--address=10.0.0.12');
}

/** The machine's addresses as Linux shows them (net/ipv4/fib_trie.c). */
function addresses(...all: readonly string[]): void {
  const leaves = ['127.0.0.1', ...all].map((one) => `           |-- ${one}\n              /32 host LOCAL\n`);
  tree.write(
    '/proc/net/fib_trie',
    `Main:\n  +-- 0.0.0.0/0 3 0 5\n${leaves.join('')}Local:\n${leaves.join('')}`,
  );
}

/** Runs it without an address as an argument. */
function identityAlone(role: string): Ran {
  tree.write(
    '/usr/lib/ingot/release.json',
    JSON.stringify({ role, layout: 'mesosphere', scheduler: 'marathon' }),
  );
  return tree.run('/usr/lib/ingot/identity');
}

/** Checks a refusal: the reason appears everywhere that a person may check, and no configuration was written. */
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

  it.each([1, 3, 5, 7])('computes the quorum of %i masters as more than half', (count) => {
    const masters = Array.from({ length: count }, (_, index) => `10.0.0.${index + 1}`);
    seed(masters);
    expect(identity('master', '10.0.0.1').exitCode).toBe(0);
    expect(tree.read('/etc/mesos-master/quorum')).toBe(`${Math.floor(count / 2) + 1}\n`);
  });

  it('runs ZooKeeper standalone if it is the only one', () => {
    seed(['10.0.0.11']);
    expect(identity('master', '10.0.0.11').exitCode).toBe(0);
    expect(tree.read('/etc/zookeeper/conf/zoo.cfg')).not.toContain('server.');
    expect(tree.read('/etc/mesos-master/quorum')).toBe('1\n');
  });

  it('resolves its own name and those of the other masters without a name server', () => {
    seed(three);
    identity('master', '10.0.0.12');
    expect(tree.read('/etc/hostname')).toBe('demo-master-10-0-0-12\n');
    for (const last of [11, 12, 13]) {
      expect(tree.read('/etc/hosts')).toContain(`10.0.0.${last} demo-master-10-0-0-${last}\n`);
    }
  });

  it('changes nothing the second time', () => {
    seed(three);
    identity('master', '10.0.0.11');
    const first = tree.snapshot();
    expect(tree.run('/usr/lib/ingot/identity', '--address=10.0.0.11').exitCode).toBe(0);
    expect(tree.snapshot()).toEqual(first);
  });

  it('replaces whole files: additions by others are removed', () => {
    seed(three);
    identity('master', '10.0.0.11');
    const clean = tree.read('/etc/zookeeper/conf/zoo.cfg');
    tree.write('/etc/zookeeper/conf/zoo.cfg', `${clean}server.1=10.9.9.9:2888:3888\n`);
    identity('master', '10.0.0.11');
    expect(tree.read('/etc/zookeeper/conf/zoo.cfg')).toBe(clean);
  });

  it('keeps its number when another master is replaced', () => {
    seed(three);
    identity('master', '10.0.0.13');
    seed(['10.0.0.11', '10.0.0.99', '10.0.0.13']);
    expect(identity('master', '10.0.0.13').exitCode).toBe(0);
    expect(tree.read('/var/lib/zookeeper/myid')).toBe('3\n');
  });

  it('has no scheduler files in a cluster without a scheduler, even if the seed has a secret for one', () => {
    const file = '/var/lib/ingot/state/secrets/x';
    const ofMarathon = { marathon: { principal: 'marathon', file } };
    tree.write(file, 'hunter2');
    chmodSync(join(tree.folder, file), 0o600);
    for (const more of [{}, { secrets: ofMarathon }]) {
      seed(three, more);
      expect(identity('master', '10.0.0.12', 'clusterd', 'none').exitCode).toBe(0);
      expect(tree.paths().filter((path) => /marathon/.test(path))).toEqual([]);
    }
    expect(tree.paths()).toContain('/etc/mesos-master/quorum');
  });

  it('stops if its image names another scheduler than the one whose files it has', () => {
    seed(three);
    expectRefusal(
      identityOf('marathon', 'none'),
      "the image names the scheduler 'none', but has the files of 'marathon'",
    );
    expectRefusal(
      identityOf('none', 'marathon'),
      "the image names the scheduler 'marathon', but has the files of 'none'",
    );
  });

  it('stops with a message on the console if it is not in the list', () => {
    seed(three);
    expectRefusal(identity('master', '10.0.0.14'), "10.0.0.14 is not in the seed's list of masters");
  });

  it('stops if it has the data of another master, so that no two have one number', () => {
    seed(three);
    tree.write('/var/lib/zookeeper/myid', '3\n');
    expectRefusal(
      identity('master', '10.0.0.11'),
      'the data of master 3, but by the seed this node is master 1',
    );
    expect(tree.read('/var/lib/zookeeper/myid')).toBe('3\n');
  });

  it('stops if two of its addresses are in the list: it cannot be two masters', () => {
    seed(three);
    addresses('10.0.0.11', '10.0.0.13', '192.168.0.9');
    expectRefusal(
      identity('master', '10.0.0.11'),
      "two addresses of this node, 10.0.0.11 and 10.0.0.13, are in the seed's list of masters: each master must be a separate machine",
    );
  });

  it('stops if its address in the list is not the one with which it reaches the masters', () => {
    seed(three);
    addresses('10.0.0.12', '192.168.0.9');
    expectRefusal(
      identity('master', '192.168.0.9'),
      "this node's own address is 192.168.0.9, but the seed's list of masters has 10.0.0.12 of this node",
    );
  });

  it('finds its address in the network that the seed names, independent of the route', () => {
    seed(three, { network: '10.0.0.0/24' });
    addresses('10.0.0.12', '192.168.0.9');
    expect(identityAlone('master')).toMatchObject({
      exitCode: 0,
      stdout: 'this node is demo-master-10-0-0-12\n',
    });
  });

  it('writes its identity for ingot-status and the login', () => {
    seed(three);
    identity('master', '10.0.0.12');
    expect(JSON.parse(tree.read('/run/ingot/identity.json'))).toEqual({
      cluster: 'demo',
      address: '10.0.0.12',
      name: 'demo-master-10-0-0-12',
      masters: three,
      quorum: 2,
      zooKeeperId: 2,
    });
    expect(tree.read('/run/ingot/who')).toBe('demo-master-10-0-0-12 (10.0.0.12), master 2 of 3, quorum 2\n');
  });

  it('stops without a data partition', () => {
    seed(three);
    tree.write('/run/ingot/diskless', 'no partition labelled ingot-data\n');
    expectRefusal(
      identity('master', '10.0.0.11'),
      'so ZooKeeper is not started: no partition labelled ingot-data',
    );
  });

  it('stops on a full disk, and does not write its number', () => {
    seed(three);
    tree.write('/run/ingot/state-full', 'the state disk is full: 3 MiB\n');
    expectRefusal(identity('master', '10.0.0.11'), 'ZooKeeper would lose acknowledged data on a full disk');
    expect(tree.paths()).not.toContain('/var/lib/zookeeper/myid');
  });

  it('stops if its state is not on the disk that the seed names', () => {
    seed(three, { data: { disk: '/dev/vdb', format: 'if-blank' } });
    expectRefusal(identity('master', '10.0.0.11'), 'could not read this seed');
    tree.write('/run/ingot/data-named', 'disk /dev/vdc\n');
    expectRefusal(identity('master', '10.0.0.11'), 'read the disk /dev/vdc in its seed');
    tree.write('/run/ingot/data-named', 'disk /dev/vdb\n');
    expect(identity('master', '10.0.0.11').exitCode).toBe(0);
  });

  it('leaves the old file unchanged if it cannot write the new one', () => {
    seed(three);
    identity('master', '10.0.0.11');
    const before = tree.read('/etc/mesos/zk');
    seed(['10.0.0.11', '10.0.0.98', '10.0.0.99']);
    // The result of any write on a full disk: the new file cannot be created.
    tree.write('/etc/mesos/zk.new/in the way', '');
    const ran = identity('master', '10.0.0.11');
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain('/etc/mesos/zk cannot be written');
    expect(tree.read('/etc/mesos/zk')).toBe(before);
  });

  it('joins after the cause of a refusal was fixed, and removes the record of the refusal', () => {
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
  ])('with layout %s is configured in /etc/%s', (layout, folder) => {
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

  it('gets the attributes of every entry that contains its address, and no others', () => {
    seed(three, {
      agents: [
        { attributes: { site: 'berlin' } },
        { addresses: ['10.0.0.0/24'], attributes: { rack: 'r1' } },
        { addresses: ['10.0.0.50-10.0.0.59', '10.0.7.7'], attributes: { disks: 'ssd' } },
        { addresses: ['10.0.1.0/24'], attributes: { rack: 'r2' } },
      ],
    });
    identity('slave', '10.0.0.50');
    expect(tree.read('/etc/mesos-slave/attributes')).toBe('disks:ssd;rack:r1;site:berlin\n');
    identity('slave', '10.0.7.7');
    expect(tree.read('/etc/mesos-slave/attributes')).toBe('disks:ssd;site:berlin\n');
    identity('slave', '10.0.1.255');
    expect(tree.read('/etc/mesos-slave/attributes')).toBe('rack:r2;site:berlin\n');
  });

  it('with layout clusterd gets exactly one file for each attribute, in the folder that its init wrapper reads', () => {
    const attributes = (): [string, string][] =>
      tree
        .paths()
        .filter((path) => path.startsWith('/etc/mesos-agent/attributes'))
        .map((path) => [path, tree.read(path)]);
    seed(three, { attributes: { zone: 'b', rack: 'r1', ports: '[1-3]' } });
    expect(identity('slave', '10.0.0.50', 'clusterd').exitCode).toBe(0);
    expect(attributes()).toEqual([
      ['/etc/mesos-agent/attributes/ports', '[1-3]\n'],
      ['/etc/mesos-agent/attributes/rack', 'r1\n'],
      ['/etc/mesos-agent/attributes/zone', 'b\n'],
    ]);
    seed(three, { attributes: { rack: 'r2' } });
    expect(identity('slave', '10.0.0.50', 'clusterd').exitCode).toBe(0);
    expect(attributes()).toEqual([['/etc/mesos-agent/attributes/rack', 'r2\n']]);
  });

  it.each(['a/b', '../ip', '.', 'a b', '*', 'x.rpmnew'])(
    'with layout clusterd stops for the attribute %j, which cannot be a file name',
    (name) => {
      seed(three, { attributes: { [name]: 'x' } });
      expectRefusal(identity('slave', '10.0.0.50', 'clusterd'), 'cannot be a file of /etc/mesos-agent');
    },
  );

  it('loses attributes that the seed no longer names', () => {
    seed(three, { attributes: { rack: 'r1' } });
    identity('slave', '10.0.0.50');
    seed(three);
    identity('slave', '10.0.0.50');
    expect(tree.paths()).not.toContain('/etc/mesos-slave/attributes');
  });

  it('stops if two entries give it the same attribute', () => {
    seed(three, {
      attributes: { rack: 'r0' },
      agents: [{ addresses: ['10.0.0.50'], attributes: { rack: 'r1' } }],
    });
    expectRefusal(identity('slave', '10.0.0.50'), 'the attribute rack in two entries');
  });

  it('joins with a message on the console if its state is not on the disk that the seed names', () => {
    seed(three, { data: { label: 'fast' } });
    expect(identity('slave', '10.0.0.50').exitCode).toBe(0);
    expect(tree.read('/dev/console')).toContain('the seed names the label fast for the data of every node');
  });

  it('can run without a data partition', () => {
    seed(three);
    tree.write('/run/ingot/diskless', '');
    expect(identity('slave', '10.0.0.50').exitCode).toBe(0);
  });
});

describe('a node', () => {
  it('stops without a seed, and reports where it must be', () => {
    expectRefusal(identity('master', '10.0.0.11'), 'there is no cluster seed (/etc/ingot/cluster.json)');
  });

  it.each<[string, string, string]>([
    ['invalid JSON', '{"version": 1,', 'is not JSON'],
    ['another version', '{"version": 2, "cluster": "demo", "masters": ["10.0.0.1"]}', '"version": 1'],
    ['a misspelt key', '{"version": 1, "cluster": "demo", "master": ["10.0.0.1"]}', 'unknown key: master'],
    ['no masters', '{"version": 1, "cluster": "demo", "masters": []}', 'must be a list of addresses'],
    ['an even number', '{"version": 1, "cluster": "demo", "masters": ["10.0.0.1", "10.0.0.2"]}', '2 masters'],
    [
      'a repeated master',
      '{"version": 1, "cluster": "demo", "masters": ["10.0.0.1", "10.0.0.1", "10.0.0.2"]}',
      'an address appears twice in masters',
    ],
    [
      'a name instead of an address',
      '{"version": 1, "cluster": "demo", "masters": ["m1"]}',
      "'m1' in masters is not an IPv4",
    ],
    [
      'a number instead of an address',
      '{"version": 1, "cluster": "demo", "masters": [1]}',
      '1 in masters is not an IPv4',
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

  it('stops if its seed was refused, and reports why nobody can log in', () => {
    seed(three);
    tree.write('/run/ingot/seed-refused', 'the seed was altered after release signed it\n');
    expectRefusal(
      identity('slave', '10.0.0.50'),
      'the seed was altered after release signed it. Nothing of the seed was used, so nobody can log in either',
    );
  });

  it('stops if it does not have exactly one address in the network of the seed', () => {
    seed(three, { network: '10.0.0.0/24' });
    addresses('192.168.0.9');
    expectRefusal(identityAlone('slave'), 'no address of this node is in the network that the seed names');
    addresses('10.0.0.50', '10.0.0.51');
    expectRefusal(identityAlone('slave'), '2 addresses of this node are in the network');
  });

  it('configures chrony and the journal with the servers that the seed names', () => {
    seed(three, { timeServers: ['10.0.0.1', 'ntp.example.org'], logs: { url: 'https://logs.example.org/' } });
    expect(identity('slave', '10.0.0.50').exitCode).toBe(0);
    expect(tree.read('/run/chrony-dhcp/seed.sources')).toBe(
      'server 10.0.0.1 iburst\nserver ntp.example.org iburst\n',
    );
    expect(tree.read('/run/systemd/journal-upload.conf.d/10-ingot.conf')).toBe(
      '[Upload]\nURL=https://logs.example.org/\nTrustedCertificateFile=/etc/ssl/certs/ca-certificates.crt\n',
    );
  });

  it('refuses an unknown layout', () => {
    seed(three);
    expectRefusal(identity('slave', '10.0.0.50', 'other'), "the unknown layout 'other'");
  });

  it('finds its own address by the route to the first master', () => {
    seed(['127.0.0.1']);
    tree.write(
      '/usr/lib/ingot/release.json',
      JSON.stringify({ role: 'slave', layout: 'mesosphere', scheduler: 'marathon' }),
    );
    expect(tree.run('/usr/lib/ingot/identity').exitCode).toBe(0);
    expect(tree.read('/run/ingot/address')).toBe('127.0.0.1\n');
  });
});

describe('secrets that the seed names', () => {
  const put = (path: string, text: string, mode = 0o600): void => {
    tree.write(path, text);
    chmodSync(join(tree.folder, path), mode);
  };
  const modeOf = (path: string): number => statSync(join(tree.folder, path)).mode & 0o777;
  const file = '/var/lib/ingot/state/secrets/one';

  it('reach the agent as files that only root can read', () => {
    seed(three, {
      secrets: {
        agentCredential: { file },
        dockerConfig: { command: ['/bin/echo', '{"auths":{}}'] },
        marathon: { principal: 'm', file },
      },
    });
    put(file, '{"principal":"agent","secret":"hunter2"}\n');
    expect(identity('slave', '10.0.0.50')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(tree.read('/etc/mesos-slave/credential')).toBe('/run/ingot/secrets/agent-credential\n');
    expect(tree.read('/run/ingot/secrets/agent-credential')).toContain('hunter2');
    expect(modeOf('/run/ingot/secrets/agent-credential')).toBe(0o600);
    expect(tree.read('/etc/mesos-slave/docker_config')).toBe('file:///run/ingot/secrets/docker-config\n');
    expect(tree.read('/run/ingot/secrets/docker-config')).toBe('{"auths":{}}\n');
    const first = tree.snapshot();
    expect(tree.run('/usr/lib/ingot/identity', '--address=10.0.0.50').exitCode).toBe(0);
    expect(tree.snapshot()).toEqual(first);
    // What is the masters' stays with them.
    expect(tree.paths()).not.toContain('/run/ingot/secrets/marathon');
  });

  it('are written again if the file below /run has another owner or mode, or is a link', () => {
    seed(three, { secrets: { agentCredential: { file } } });
    put(file, 'hunter2\n');
    const target = join(tree.folder, 'run/ingot/secrets/agent-credential');
    expect(identity('slave', '10.0.0.50').exitCode).toBe(0);
    const spoilt = [
      () => { chownSync(target, 12345, 0); }, // prettier-ignore
      () => { chmodSync(target, 0o4600); }, // prettier-ignore
      () => { renameSync(target, `${target}.kept`); symlinkSync(`${target}.kept`, target); }, // prettier-ignore
      () => { chownSync(target, 12345, 0); put('/run/ingot/secrets/agent-credential.new', '', 0o666); }, // prettier-ignore
    ];
    for (const spoil of spoilt) {
      spoil();
      expect(tree.run('/usr/lib/ingot/identity', '--address=10.0.0.50').exitCode).toBe(0);
      const found = lstatSync(target);
      expect([found.isFile(), found.uid, found.mode & 0o7777]).toEqual([true, process.geteuid?.(), 0o600]);
    }
  });

  it('reach masters and Marathon; the secret of Marathon has no line feed at its end', () => {
    seed(three, { secrets: { masterCredentials: { file }, marathon: { principal: 'marathon', file } } });
    put(file, 'hunter2\n');
    expect(identity('master', '10.0.0.11').exitCode).toBe(0);
    expect(tree.read('/etc/mesos-master/credentials')).toBe('/run/ingot/secrets/master-credentials\n');
    expect(tree.read('/etc/default/marathon')).toContain(
      'MARATHON_MESOS_AUTHENTICATION=\nMARATHON_MESOS_AUTHENTICATION_PRINCIPAL=marathon\nMARATHON_MESOS_AUTHENTICATION_SECRET_FILE=/run/ingot/secrets/marathon\n',
    );
    expect(tree.read('/run/ingot/secrets/marathon')).toBe('hunter2');
  });

  it.each<[string, object, () => void, string]>([
    ['are missing', { file }, () => undefined, `the secret agentCredential is not in ${file}`.slice(0, 38)],
    ['other users can read', { file }, () => { put(file, 'hunter2', 0o644); }, 'can be read by users other than root'], // prettier-ignore
    ['belong to another user', { file }, () => { put(file, 'hunter2'); chownSync(join(tree.folder, file), 12345, 0); }, 'belongs to the user 12345, who may change it'], // prettier-ignore
    ['are a link', { file }, () => { put('/elsewhere', 'hunter2'); mkdirSync(dirname(join(tree.folder, file)), { recursive: true }); symlinkSync(join(tree.folder, 'elsewhere'), join(tree.folder, file)); }, 'is a link, which may lead anywhere'], // prettier-ignore
    ['are a pipe', { file }, () => { mkdirSync(dirname(join(tree.folder, file)), { recursive: true }); execFileSync('sh', ['-c', 'mkfifo -m 600 "$1"', 'sh', join(tree.folder, file)]); }, 'is not a file'], // prettier-ignore
    [
      'are endless output',
      { command: ['/usr/bin/yes', 'hunter2'] },
      () => undefined,
      'the secret agentCredential has more than 1048576 bytes',
    ],
    ['are in a file that is too large', { file }, () => { put(file, 'hunter2'.repeat(200_000)); }, 'has more than 1048576 bytes'], // prettier-ignore
    ['are empty', { file }, () => { put(file, '\n'); }, 'the secret agentCredential is empty'], // prettier-ignore
    [
      'come from a command that fails',
      { command: ['/bin/false'] },
      () => undefined,
      '(/bin/false) ended with status 1',
    ],
    ['come from a missing command', { command: ['/no/such'] }, () => undefined, '(/no/such) cannot be run'],
    [
      'are in the seed itself',
      { text: 'hunter2' },
      () => undefined,
      'secrets.agentCredential must name its source',
    ],
    [
      'are in another folder',
      { file: '/etc/shadow' },
      () => undefined,
      'secrets.agentCredential must name its source',
    ],
  ])('that %s keep the node from its cluster, and are never shown', (_, agentCredential, given, why) => {
    seed(three, { secrets: { agentCredential } });
    given();
    const ran = identity('slave', '10.0.0.50');
    expectRefusal(ran, why);
    expect(`${ran.stderr}${ran.stdout}${tree.read('/dev/console')}`).not.toContain('hunter2');
  });
});
