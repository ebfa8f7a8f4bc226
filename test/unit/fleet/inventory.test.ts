import { describe, expect, it } from 'vitest';
import type { FleetNode } from '../../../src/fleet/inventory/fleet-node.ts';
import { fleetNodes } from '../../../src/fleet/inventory/fleet-nodes.ts';
import { parseInventory } from '../../../src/fleet/inventory/parse-inventory.ts';
import { IngotError } from '../../../src/host/ingot-error.ts';

const read = (text: string, file = 'fleet.yaml', files: readonly string[] = []): FleetNode[] =>
  fleetNodes(parseInventory(text, file), '/srv', () => files);

function refusal(text: string, file = 'fleet.yaml'): string {
  try {
    read(text, file);
  } catch (error) {
    if (error instanceof IngotError) return [error.code, error.message, ...error.excerpt].join('\n');
    throw error;
  }
  throw new Error('it was taken');
}

describe('an inventory', () => {
  it('in YAML has hosts, folders and URLs', () => {
    const nodes = read(
      `nodes:
  - host: m[1-2]
    role: master
    user: ops
    port: 2222
    jump: ops@bastion
  - folder: answers
    nodes: ['s[1-2]']
    role: slave
  - url: https://collect.example.org/{node}.json?of={node}
    nodes: [s9]
`,
    );
    expect(nodes.map(({ name, role }) => `${name} ${role ?? '-'}`)).toEqual([
      'm1 master',
      'm2 master',
      's1 slave',
      's2 slave',
      's9 -',
    ]);
    expect(nodes[0]?.source).toEqual({
      kind: 'ssh',
      host: 'm1',
      user: 'ops',
      port: 2222,
      jump: 'ops@bastion',
    });
    expect(nodes[2]?.source).toEqual({ kind: 'folder', file: '/srv/answers/s1.json' });
    expect(nodes[4]?.source).toEqual({ kind: 'url', url: 'https://collect.example.org/s9.json?of=s9' });
  });

  it('of a folder has every node that left an answer there, and no file that is still being written', () => {
    const nodes = read('nodes: [{folder: /in}]', 'fleet.yaml', [
      'b.json',
      '.c.json.77',
      'a.json',
      'read.me',
      '.json',
    ]);
    expect(nodes.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('may be a list with a node on each line', () => {
    const nodes = read('# all\nnode[01-02].dc1 role=slave user=ops\n\nm1   # the leader\n', 'nodes.txt');
    expect(nodes.map(({ name }) => name)).toEqual(['node01.dc1', 'node02.dc1', 'm1']);
    expect(nodes[0]).toMatchObject({ role: 'slave', source: { kind: 'ssh', user: 'ops' } });
  });

  it('with errors reports each of them with its line', () => {
    const text =
      'nodes:\n  - host: n[3-1]\n  - hots: a\n  - url: https://x/y\n    nodes: [a]\n  - folder: f\n    user: ops\n';
    const said = refusal(text);
    expect(said).toContain('wrong-inventory');
    expect(said).toContain('fleet.yaml:2:');
    expect(said).toContain('did you mean host?');
    expect(said).toContain('fleet.yaml:4:');
    expect(said).toContain('user only with host');
    const list = refusal('a\n-oProxyCommand=x\nb colour=red\nc port=99999\n', 'nodes.txt');
    for (const line of [2, 3, 4]) expect(list).toContain(`nodes.txt:${String(line)}: `);
  });

  it('cannot pass an option or a command to ssh', () => {
    for (const name of ['-oProxyCommand=id', 'a;id', '$(id)', 'a b', '`id`', 'a\u0007'])
      expect(refusal(`nodes: [{host: ${JSON.stringify(name)}}]`)).toContain('wrong-inventory');
    for (const jump of ['-x', 'a;id', 'a b']) {
      const text = `nodes: [{host: a, jump: ${JSON.stringify(jump)}}]`;
      expect(refusal(text)).toContain('jump');
    }
  });

  it('has no password in a URL', () => {
    expect(refusal('nodes: [{url: "https://me:secret@x/{node}", nodes: [a]}]')).toContain('wrong-inventory');
  });

  it('has no node twice, because it would be counted twice', () => {
    expect(refusal('node[1-5]\nnode3\n', 'nodes.txt')).toContain('node3');
  });

  it('has at least one node', () => {
    expect(refusal('# nothing\n', 'nodes.txt')).toContain('names no node');
    expect(refusal('nodes: [{folder: empty}]')).toContain('no node');
  });
});
