import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityNode, three } from './identity-node.ts';

let node: IdentityNode;
beforeEach(() => {
  node = new IdentityNode();
});
afterEach(() => {
  node.remove();
});

describe('a node', () => {
  it('stops without a seed, and reports where it must be', () => {
    node.expectRefusal(
      node.identity('master', '10.0.0.11'),
      'there is no cluster seed (/etc/ingot/cluster.json)',
    );
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
    node.write('/etc/ingot/cluster.json', text);
    node.expectRefusal(node.identity('master', '10.0.0.1'), reason);
  });

  it('stops if its seed was refused, and reports why nobody can log in', () => {
    node.seed(three);
    node.write('/run/ingot/seed-refused', 'the seed was altered after release signed it\n');
    node.expectRefusal(
      node.identity('slave', '10.0.0.50'),
      'the seed was altered after release signed it. Nothing of the seed was used, so nobody can log in either',
    );
  });

  it('stops if it does not have exactly one address in the network of the seed', () => {
    node.seed(three, { network: '10.0.0.0/24' });
    node.addresses('192.168.0.9');
    node.expectRefusal(
      node.identityAlone('slave'),
      'no address of this node is in the network that the seed names',
    );
    node.addresses('10.0.0.50', '10.0.0.51');
    node.expectRefusal(node.identityAlone('slave'), '2 addresses of this node are in the network');
  });

  it('configures chrony and the journal with the servers that the seed names', () => {
    node.seed(three, {
      timeServers: ['10.0.0.1', 'ntp.example.org'],
      logs: { url: 'https://logs.example.org/' },
    });
    expect(node.identity('slave', '10.0.0.50').exitCode).toBe(0);
    expect(node.read('/run/chrony-dhcp/seed.sources')).toBe(
      'server 10.0.0.1 iburst\nserver ntp.example.org iburst\n',
    );
    expect(node.read('/run/systemd/journal-upload.conf.d/10-ingot.conf')).toBe(
      '[Upload]\nURL=https://logs.example.org/\nTrustedCertificateFile=/etc/ssl/certs/ca-certificates.crt\n',
    );
  });

  it('refuses an unknown layout', () => {
    node.seed(three);
    node.expectRefusal(node.identity('slave', '10.0.0.50', 'other'), "the unknown layout 'other'");
  });

  it('finds its own address by the route to the first master', () => {
    node.seed(['127.0.0.1']);
    node.write(
      '/usr/lib/ingot/release.json',
      JSON.stringify({ role: 'slave', layout: 'mesosphere', scheduler: 'marathon' }),
    );
    expect(node.run('/usr/lib/ingot/identity').exitCode).toBe(0);
    expect(node.read('/run/ingot/address')).toBe('127.0.0.1\n');
  });
});
