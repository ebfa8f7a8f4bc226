import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

// The section begins at line 7 of the file.
const withSeed = (...lines: readonly string[]): string =>
  `${smallSpec}seed:\n${lines.map((line) => `  ${line}\n`).join('')}`;
const seedOf = (...lines: readonly string[]) => parseSpec(withSeed(...lines), 'cluster.yaml').seed;
const errorsOf = (...lines: readonly string[]): string =>
  ingotErrorOf(() => parseSpec(withSeed(...lines), 'cluster.yaml')).message;

describe('the section seed', () => {
  test('may be omitted, and then sets nothing', () => {
    expect(parseSpec(smallSpec, 'cluster.yaml').seed).toEqual({
      ...{ keys: [], timeServers: [], agents: [], secrets: {}, files: [] },
      mesos: { master: {}, agent: {}, networks: [], quotas: [], webInterface: true },
    });
  });

  test('accepts attributes of agents by range, by network, by address and for all of them', () => {
    const { agents } = seedOf(
      'agents:',
      '  - { attributes: { site: berlin } }',
      '  - { addresses: [10.0.1.0/24, 10.0.2.7], attributes: { rack: r1 } }',
      '  - { addresses: [10.0.3.1-10.0.3.9], attributes: { rack: r2, slots: 4, ports: "[1-3]" } }',
    );
    expect(agents).toHaveLength(3);
  });

  test('accepts secrets as files of the data disk and as commands', () => {
    const { secrets } = seedOf(
      'secrets:',
      '  agentCredential: { file: /var/lib/ingot/state/secrets/agent }',
      '  marathon: { principal: marathon, command: [/usr/bin/curl, https://vault.example.org/marathon] }',
    );
    expect(secrets.marathon?.principal).toBe('marathon');
  });
});

describe('contradictions are reported with their place', () => {
  test.each<[readonly string[], RegExp]>([
    [
      [
        'agents:',
        '  - { addresses: [10.0.1.0/24], attributes: { rack: r1 } }',
        '  - { addresses: [10.0.1.200-10.0.2.10], attributes: { zone: a, rack: r2 } }',
      ],
      /:10:73: .*some agents already get rack from an earlier entry[^]*the first is at line 9, column 55/,
    ],
    [
      [
        'agents:',
        '  - { attributes: { rack: r1 } }',
        '  - { addresses: [10.0.9.9], attributes: { rack: r2 } }',
      ],
      /some agents already get rack/,
    ],
    [
      ['agents:', '  - { addresses: [10.0.1.9-10.0.1.3], attributes: { a: b } }'],
      /10\.0\.1\.9-10\.0\.1\.3 is not a range/,
    ],
    [['agents:', '  - { addresses: [10.0.1.5/24], attributes: { a: b } }'], /10\.0\.1\.5\/24 is not a range/],
    [['agents:', '  - { addresses: [10.0.1.300], attributes: { a: b } }'], /10\.0\.1\.300 is not a range/],
    [
      ['agents:', '  - { addresses: [rack1], attributes: { a: b } }'],
      /"rack1" is not a valid range of addresses/,
    ],
    [['agents:', '  - { attributes: { a: "x;y:z" } }'], /not a valid value of an attribute/],
    [['network: 10.0.0.0/33'], /not a valid network/],
    [['network: 10.0.0.1/8'], /:8:12: .*10\.0\.0\.1\/8 is not a network/],
    [['logs: { url: "syslog://logs" }'], /not a valid URL of a log server/],
  ])('%j', (lines, message) => {
    expect(errorsOf(...lines)).toMatch(message);
  });

  test('in the layout clusterd an attribute whose name cannot be a file name is refused; in the other it is not', () => {
    const lines = ['agents:', '  - { attributes: { rack: r1, "data/center": b } }'];
    const clusterd = `${withSeed(...lines)}layout: clusterd\n`;
    expect(ingotErrorOf(() => parseSpec(clusterd, 'cluster.yaml')).message).toMatch(
      /:9:48: .*data\/center cannot be a file name/,
    );
    expect(seedOf(...lines).agents).toHaveLength(1);
  });

  test('entries that overlap may name different attributes', () => {
    const { agents } = seedOf(
      'agents:',
      '  - { addresses: [10.0.0.0/8], attributes: { zone: a } }',
      '  - { addresses: [10.0.1.0/24], attributes: { rack: r1 } }',
    );
    expect(agents).toHaveLength(2);
  });
});

describe("a file of the seed must not be one of the cluster's own", () => {
  test.each([
    ...[
      '/etc/hosts',
      '/etc/ingot/cluster.json',
      '/etc/mesos/zk',
      '/etc/mesos-slave/attributes',
      '/etc/shadow',
    ],
    ...[
      '/etc/zookeeper/conf/zoo.cfg',
      '/etc/default/marathon',
      '/etc/ssh/ssh_host_ed25519_key',
      '/etc/cloud/x.cfg',
    ],
  ])('%s', (path) => {
    expect(errorsOf('files:', `  - { path: ${path}, content: x }`)).toMatch(
      /:9:15: .*is managed by the cluster itself/,
    );
  });

  test.each(['/usr/bin/curl', '/var/lib/zookeeper/myid', '/run/ingot/who', '/boot/vmlinuz'])('%s', (path) => {
    expect(errorsOf('files:', `  - { path: ${path}, content: x }`)).toContain(
      'must not be written by the seed',
    );
  });

  test('other paths are accepted', () => {
    const paths = ['/etc/motd', '/etc/mesos-slave/isolation', '/opt/site/a', '/usr/local/bin/b'];
    expect(seedOf('files:', ...paths.map((path) => `  - { path: ${path}, content: x }`)).files).toHaveLength(
      4,
    );
  });
});

describe('the text of a secret is refused, in whatever form it is given', () => {
  const belongs = /belongs neither here nor in the seed/;
  test.each<[readonly string[], RegExp]>([
    [['secrets:', '  agentCredential: { text: hunter2 }'], belongs],
    [['secrets:', '  marathon: { principal: m, secret: hunter2 }'], belongs],
    [['secrets:', '  agentCredential: hunter2'], /must be a map[^]*Never its text/],
    [['secrets:', '  agentCredential: { file: ./agent.json }'], /not a valid path on the data disk/],
    [
      ['secrets:', '  agentCredential: { command: [/bin/echo, --password=hunter2] }'],
      /the command contains a password/,
    ],
    [
      ['secrets:', '  agentCredential: { command: [/usr/bin/curl, "https://u:hunter2@h/"] }'],
      /contains a password in a URL/,
    ],
    [['secrets:', '  agentCredential: { command: [curl] }'], /curl is not a path/],
    [['secrets:', '  agentCredential: {}'], /neither file nor command/],
    [
      ['files:', '  - { path: /etc/a, content: "-----BEGIN RSA PRIVATE KEY-----" }'],
      /the content contains a private key/,
    ],
    [
      ['files:', `  - { path: /etc/a, content: '{"auths":{"r":{"auth":"dTpw"}}}' }`],
      /the login of a registry/,
    ],
    [
      ['files:', `  - { path: /etc/a, content: '{"principal":"m","secret":"hunter2"}' }`],
      /contains a credential/,
    ],
  ])('%j', (lines, message) => {
    expect(errorsOf(...lines)).toMatch(message);
  });
});
