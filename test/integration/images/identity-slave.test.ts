import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityNode, three } from './identity-node.ts';

let node: IdentityNode;
beforeEach(() => {
  node = new IdentityNode();
});
afterEach(() => {
  node.remove();
});

describe('a slave', () => {
  it.each([
    ['mesosphere', 'mesos-slave'],
    ['clusterd', 'mesos-agent'],
  ])('with layout %s is configured in /etc/%s', (layout, folder) => {
    node.seed(three);
    expect(node.identity('slave', '10.0.0.50', layout).exitCode).toBe(0);
    expect(node.read(`/etc/${folder}/ip`)).toBe('10.0.0.50\n');
    expect(node.read(`/etc/${folder}/hostname`)).toBe('10.0.0.50\n');
    expect(node.read('/etc/mesos/zk')).toContain('/mesos');
    // A stray file there would be an unknown flag, and the agent would not start.
    expect(node.paths().filter((path) => path.startsWith(`/etc/${folder}/`))).toEqual([
      `/etc/${folder}/hostname`,
      `/etc/${folder}/ip`,
    ]);
    expect(node.paths().filter((path) => /zookeeper|marathon|mesos-master/.test(path))).toEqual([]);
  });

  it('gets the attributes of the seed in the form of the flag', () => {
    node.seed(three, { attributes: { zone: 'b', rack: 'r1' } });
    node.identity('slave', '10.0.0.50');
    expect(node.read('/etc/mesos-slave/attributes')).toBe('rack:r1;zone:b\n');
  });

  it('gets the attributes of every entry that contains its address, and no others', () => {
    node.seed(three, {
      agents: [
        { attributes: { site: 'berlin' } },
        { addresses: ['10.0.0.0/24'], attributes: { rack: 'r1' } },
        { addresses: ['10.0.0.50-10.0.0.59', '10.0.7.7'], attributes: { disks: 'ssd' } },
        { addresses: ['10.0.1.0/24'], attributes: { rack: 'r2' } },
      ],
    });
    node.identity('slave', '10.0.0.50');
    expect(node.read('/etc/mesos-slave/attributes')).toBe('disks:ssd;rack:r1;site:berlin\n');
    node.identity('slave', '10.0.7.7');
    expect(node.read('/etc/mesos-slave/attributes')).toBe('disks:ssd;site:berlin\n');
    node.identity('slave', '10.0.1.255');
    expect(node.read('/etc/mesos-slave/attributes')).toBe('rack:r2;site:berlin\n');
  });

  it('with layout clusterd gets exactly one file for each attribute, in the folder that its init wrapper reads', () => {
    const attributes = (): [string, string][] =>
      node
        .paths()
        .filter((path) => path.startsWith('/etc/mesos-agent/attributes'))
        .map((path) => [path, node.read(path)]);
    node.seed(three, { attributes: { zone: 'b', rack: 'r1', ports: '[1-3]' } });
    expect(node.identity('slave', '10.0.0.50', 'clusterd').exitCode).toBe(0);
    expect(attributes()).toEqual([
      ['/etc/mesos-agent/attributes/ports', '[1-3]\n'],
      ['/etc/mesos-agent/attributes/rack', 'r1\n'],
      ['/etc/mesos-agent/attributes/zone', 'b\n'],
    ]);
    node.seed(three, { attributes: { rack: 'r2' } });
    expect(node.identity('slave', '10.0.0.50', 'clusterd').exitCode).toBe(0);
    expect(attributes()).toEqual([['/etc/mesos-agent/attributes/rack', 'r2\n']]);
  });

  it.each(['a/b', '../ip', '.', 'a b', '*', 'x.rpmnew'])(
    'with layout clusterd stops for the attribute %j, which cannot be a file name',
    (name) => {
      node.seed(three, { attributes: { [name]: 'x' } });
      node.expectRefusal(
        node.identity('slave', '10.0.0.50', 'clusterd'),
        'cannot be a file of /etc/mesos-agent',
      );
    },
  );

  it('loses attributes that the seed no longer names', () => {
    node.seed(three, { attributes: { rack: 'r1' } });
    node.identity('slave', '10.0.0.50');
    node.seed(three);
    node.identity('slave', '10.0.0.50');
    expect(node.paths()).not.toContain('/etc/mesos-slave/attributes');
  });

  it('stops if two entries give it the same attribute', () => {
    node.seed(three, {
      attributes: { rack: 'r0' },
      agents: [{ addresses: ['10.0.0.50'], attributes: { rack: 'r1' } }],
    });
    node.expectRefusal(node.identity('slave', '10.0.0.50'), 'the attribute rack in two entries');
  });

  it('joins with a message on the console if its state is not on the disk that the seed names', () => {
    node.seed(three, { data: { label: 'fast' } });
    expect(node.identity('slave', '10.0.0.50').exitCode).toBe(0);
    expect(node.read('/dev/console')).toContain('the seed names the label fast for the data of every node');
  });

  it('can run without a data partition', () => {
    node.seed(three);
    node.write('/run/ingot/diskless', '');
    expect(node.identity('slave', '10.0.0.50').exitCode).toBe(0);
  });
});
