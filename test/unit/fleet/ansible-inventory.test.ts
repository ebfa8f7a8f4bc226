import { describe, expect, it } from 'vitest';
import { fleetNodes } from '../../../src/fleet/inventory/fleet-nodes.ts';
import { parseInventory } from '../../../src/fleet/inventory/parse-inventory.ts';
import { IngotError } from '../../../src/host/ingot-error.ts';

const read = (text: string, file = 'hosts') => fleetNodes(parseInventory(text, file), '/srv', () => []);
/** name role user@host:port */
const shown = (text: string): string[] =>
  read(text).map(({ name, role, source }) => {
    const { host, user, port } = source as { host: string; user?: string; port?: number };
    return `${name} ${role ?? '-'} ${user ?? ''}@${host}:${port ?? ''}`;
  });
function refusal(text: string, file = 'hosts'): string[] {
  try {
    read(text, file);
  } catch (error) {
    if (error instanceof IngotError) return [error.message, ...error.excerpt];
    throw error;
  }
  throw new Error('it was taken');
}

describe('an Ansible hosts file is read', () => {
  it('case 13: groups are not nodes, and define the roles of their hosts', () => {
    expect(shown('[masters]\n10.255.255.1\n\n[slaves]\n10.255.255.2\n10.255.255.3\n')).toEqual([
      '10.255.255.1 master @10.255.255.1:',
      '10.255.255.2 slave @10.255.255.2:',
      '10.255.255.3 slave @10.255.255.3:',
    ]);
  });

  it('with ranges, addresses, users, ports, variables and groups of groups', () => {
    const text = `; of the cluster
gateway ansible_port=2200 ansible_user='root'
[masters]
demo-master-[01:03].dc1   # three
[slaves]
demo-slave-01 ansible_host=10.0.0.21 colour="light blue" ansible_python_interpreter=/usr/bin/python3
demo-slave-02:2222 ansible_host=10.0.0.22 ansible_user=me
[slaves:vars]
ansible_user = ops
[cluster:children]
masters
slaves
[cluster:vars]
ansible_user=nobody
ansible_port=22
`;
    expect(shown(text)).toEqual([
      'gateway - root@gateway:2200',
      'demo-master-01.dc1 master nobody@demo-master-01.dc1:22',
      'demo-master-02.dc1 master nobody@demo-master-02.dc1:22',
      'demo-master-03.dc1 master nobody@demo-master-03.dc1:22',
      'demo-slave-01 slave ops@10.0.0.21:22',
      'demo-slave-02 slave me@10.0.0.22:2222',
    ]);
  });

  it('a host in two groups is one node with the variables of both; those of all apply first', () => {
    const text =
      '[all:vars]\nansible_user=ops\n[slaves]\nn1 ansible_host=10.0.0.5\n[rack1]\nn1\n[rack1:vars]\nansible_port=23\n';
    expect(shown(text)).toEqual(['n1 slave ops@10.0.0.5:23']);
  });

  it('groups that are children of each other do not loop', () => {
    expect(shown('[a]\nn1\n[a:children]\nb\n[b:children]\na\n')).toEqual(['n1 - @n1:']);
  });
});

describe('an Ansible hosts file is refused with the line', () => {
  it('case 13: if a range has one address', () => {
    const text = '[masters]\ndemo-master-[01:03] ansible_host=10.0.0.11 ansible_user=ops\n';
    expect(refusal(text, 'hosts.ini')).toEqual([
      'hosts.ini has an error:',
      'hosts.ini:2: demo-master-[01:03] stands for 3 nodes, and ansible_host=10.0.0.11 would give them all one address; right: a line for each, with its own address',
    ]);
  });

  it.each([
    ['[a]\nn1 ansible_connection=local', 'hosts:2: ansible_connection is not supported'],
    ['[a]\nn1\n[a:vars]\nansible_ssh_common_args=-J x', 'hosts:4: ansible_ssh_common_args is not supported'],
    ['[a]\nn1 ansible_host="{{ ip }}"', 'hosts:2: ansible_host={{ ip }} is a template'],
    ['[a]\nn1 what', 'hosts:2: what is not understood'],
    ['[a:hosts2]\nn1', 'hosts:1: [a:hosts2] is not understood'],
    ['[a:vars]\nn1', 'hosts:2: n1 is not understood'],
    ['[a:children]\nx y', 'hosts:2: x y is not understood'],
    ['[a]\nn[3:1]', 'hosts:2: [3:1] is an empty range'],
    ['[a]\n-oProxyCommand=x', 'hosts:2: host is not right'],
    ['[a]\nn1 ansible_port=99999', 'hosts:2: port is not right'],
    ['[a]', 'hosts names no node'],
    ['[a]\nn1 ansible_host=10.0.0.1\nn2 ansible_host=10.0.0.1', 'n1 and n2, both at 10.0.0.1'],
  ])('%j', (text, message) => {
    expect(refusal(text).join('\n')).toContain(message);
  });

  it('an inventory in YAML is refused and named', () => {
    expect(refusal('all: {hosts: {n1: {}}}', 'hosts.yaml').join('\n')).toContain(
      'right: nodes: a list of hosts; Ansible inventories are read in INI form',
    );
  });
});
