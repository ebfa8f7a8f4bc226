import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { smallSpec } from '../../../samples/spec.ts';

describe('a valid spec', () => {
  test('needs only four keys; every other key has a default', () => {
    const nothing = {
      ...{ packages: [], files: [], modules: [], sysctls: {} },
      ...{ kernelArguments: [], debconf: [], setuid: [], leaveOut: [] },
      ...{ units: { on: [], masked: [] }, checks: [] },
    };
    expect(parseSpec(smallSpec, 'cluster.yaml')).toEqual({
      cluster: 'demo',
      masters: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
      seed: {
        ...{ keys: [], timeServers: [], agents: [], secrets: {}, files: [] },
        mesos: { master: {}, agent: {}, networks: [], quotas: [], webInterface: true },
      },
      singleMaster: false,
      base: { distribution: 'debian', suite: 'bookworm', architecture: 'amd64', kernel: 'cloud' },
      layout: 'mesosphere',
      scheduler: 'marathon',
      mesos: { deb: 'debs/mesos.deb' },
      marathon: { deb: 'debs/marathon.deb' },
      targets: ['qcow2'],
      layers: [],
      common: nothing,
      master: nothing,
      slave: nothing,
      guest: { cpus: 2, memory: '2GiB', timeoutMinutes: 30 },
      updates: { keys: [], confirmMinutes: 15 },
      operators: [],
    });
  });

  test('may name a disk for the data of every node, which is formatted only if the spec says so', () => {
    const dataOf = (line: string) => parseSpec(`${smallSpec}${line}\n`, 'cluster.yaml').data;
    expect(dataOf('data: {label: fast}')).toEqual({ label: 'fast', format: 'never' });
    expect(dataOf('data: {disk: /dev/vdb}')).toEqual({ disk: '/dev/vdb', format: 'never' });
    expect(dataOf('data: {disk: "/dev/disk/by-path/pci-0000:00:05.0", format: if-blank}')).toEqual({
      disk: '/dev/disk/by-path/pci-0000:00:05.0',
      format: 'if-blank',
    });
  });

  test('may have one master if it says so', () => {
    const text = smallSpec.replace(/masters:.*/, 'masters: [10.0.0.11]\nsingleMaster: true');
    expect(parseSpec(text, 'cluster.yaml').masters).toEqual(['10.0.0.11']);
  });

  test('may begin with a byte order mark, have Windows line ends, and use anchors', () => {
    const text = `\u{feff}${smallSpec}common: &same {packages: [htop]}\nslave: *same\n`.replaceAll(
      '\n',
      '\r\n',
    );
    expect(parseSpec(text, 'cluster.yaml').slave.packages).toEqual(['htop']);
  });

  test('takes Mesos from a URL with its digest, Marathon from a signed apt source', () => {
    const digest = 'ab'.repeat(32);
    const text = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos: {deb: "https://x.example/mesos.deb", sha256: ${digest}}
marathon:
  source: {url: "https://x.example/debian", suite: bookworm, key: keys/x.asc}
  version: 1.11.24-1
`;
    const spec = parseSpec(text, 'cluster.yaml');
    expect(spec.mesos).toEqual({ deb: 'https://x.example/mesos.deb', sha256: digest });
    expect(spec.marathon).toEqual({
      source: { url: 'https://x.example/debian', suite: 'bookworm', key: 'keys/x.asc' },
      version: '1.11.24-1',
    });
  });

  test('adds packages, files, sysctls and kernel arguments for all or one role', () => {
    const text = `${smallSpec}slave:
  packages: [htop, tcpdump=4.99.3-1]
  files: [{path: /etc/motd, content: hello}, {path: /etc/x, from: files/x, mode: "0600"}]
  sysctls: {vm.swappiness: 1, net.ipv4.ip_local_port_range: 32768 60999}
  kernelArguments: [transparent_hugepage=never]
`;
    expect(parseSpec(text, 'cluster.yaml').slave).toEqual({
      packages: ['htop', 'tcpdump=4.99.3-1'],
      modules: [],
      files: [
        { path: '/etc/motd', content: 'hello', mode: '0644' },
        { path: '/etc/x', from: 'files/x', mode: '0600' },
      ],
      sysctls: { 'vm.swappiness': 1, 'net.ipv4.ip_local_port_range': '32768 60999' },
      kernelArguments: ['transparent_hugepage=never'],
      debconf: [],
      setuid: [],
      leaveOut: [],
      units: { on: [], masked: [] },
      checks: [],
    });
  });
});
