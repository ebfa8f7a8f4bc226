import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressText, longestFree } from '../../../../src/inputs/cluster-spec/free-range.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

/** The headlines and remedies of a spec with additional lines; the first of them is line 7. */
function errorsOf(more: string): string[] {
  return ingotErrorOf(() => parseSpec(`${smallSpec}${more}`, 'cluster.yaml'))
    .message.split('\n')
    .flatMap(
      (line) => /^cluster\.yaml:(\d+:\d+: .*)|^ {2}(right: .*)/.exec(line)?.slice(1).filter(Boolean) ?? [],
    );
}
const netboot = (dhcp: string, server = '10.0.0.2'): string =>
  `netboot:\n  server: ${server}\n  dhcp: { ${dhcp} }\n`;

describe('addresses in a DHCP pool cannot be used by others', () => {
  test('case 12: a pool over the whole network is refused, with a range that is free', () => {
    expect(
      errorsOf(netboot('from: 10.0.0.1, to: 10.0.0.254, netmask: 255.255.255.0, router: 10.0.0.1')),
    ).toEqual([
      "9:17: the DHCP range 10.0.0.1 to 10.0.0.254 contains addresses that are in use: 10.0.0.1 (the router's), 10.0.0.2 (the netboot server's), 10.0.0.11 (a master's), 10.0.0.12 (a master's), 10.0.0.13 (a master's)",
      'right: a range without them, such as from: 10.0.0.14, to: 10.0.0.254',
    ]);
  });

  test('case 12: a pool that contains the masters is refused', () => {
    expect(
      errorsOf(netboot('from: 10.0.0.11, to: 10.0.0.13, netmask: 255.255.255.0, router: 10.0.0.1')),
    ).toEqual([
      "9:17: the DHCP range 10.0.0.11 to 10.0.0.13 contains addresses that are in use: 10.0.0.11 (a master's), 10.0.0.12 (a master's), 10.0.0.13 (a master's)",
      'right: from and to with addresses that are not in use',
    ]);
  });

  test.each([
    ['from: 10.0.0.0, to: 10.0.0.1, netmask: 255.255.255.0', "10.0.0.0 (the network's own)"],
    ['from: 10.0.0.250, to: 10.0.0.255, netmask: 255.255.255.0', '10.0.0.255 (the broadcast address)'],
    ['from: 10.0.0.60, to: 10.0.0.63, netmask: 255.255.255.192', '10.0.0.63 (the broadcast address)'],
    [
      'from: 10.0.0.50, to: 10.0.0.60, netmask: 255.255.255.0, nameservers: [10.0.0.53]',
      "10.0.0.53 (a name server's)",
    ],
  ])('%s', (dhcp, taken) => {
    expect(errorsOf(netboot(dhcp)).join('\n')).toContain(taken);
  });

  test('a pool contains no time servers, and no machines with a fixed address', () => {
    const pool = netboot('from: 10.0.0.100, to: 10.0.0.200, netmask: 255.255.255.0');
    const machine = '  machines:\n    - { mac: "52:54:00:00:00:09", role: slave, address: 10.0.0.150 }\n';
    const said = errorsOf(`${pool}${machine}seed: { timeServers: [10.0.0.123, ntp.example.org] }\n`);
    expect(said).toEqual([
      "9:17: the DHCP range 10.0.0.100 to 10.0.0.200 contains addresses that are in use: 10.0.0.123 (a time server's), 10.0.0.150 (a machine's)",
      'right: a range without them, such as from: 10.0.0.151, to: 10.0.0.200',
    ]);
  });

  test('a pool next to them is accepted', () => {
    const text = `${smallSpec}${netboot('from: 10.0.0.14, to: 10.0.0.254, netmask: 255.255.255.0, router: 10.0.0.1, nameservers: [10.0.0.1]')}`;
    expect(parseSpec(text, 'cluster.yaml').netboot?.dhcp.from).toBe('10.0.0.14');
  });
});

describe('an address belongs to one machine', () => {
  test('a master does not have the address of the router, of a server, or of the network itself', () => {
    expect(errorsOf(netboot('proxy: true, netmask: 255.255.255.0', '10.0.0.12'))).toEqual([
      "2:22: 10.0.0.12 is the netboot server's",
      'right: an address that nothing else uses; the other is at line 8, column 11',
    ]);
    expect(errorsOf('seed: { timeServers: [10.0.0.13] }\n')[0]).toBe("2:33: 10.0.0.13 is a time server's");
    const machine = '  machines:\n    - { mac: "52:54:00:00:00:09", role: slave, address: 10.0.0.1 }\n';
    const dhcp = 'from: 10.0.0.20, to: 10.0.0.30, netmask: 255.255.255.0, router: 10.0.0.1';
    expect(errorsOf(netboot(dhcp) + machine)).toEqual([
      "11:57: 10.0.0.1 is the router's",
      'right: an address that nothing else uses; the other is at line 9, column 75',
    ]);
    const two = netboot('proxy: true, netmask: 255.255.255.252', '10.0.0.14');
    expect(errorsOf(two)[0]).toBe("2:22: 10.0.0.12 is the network's own");
  });

  test.each([
    ['127.0.0.1', 'belongs to the loopback interface'],
    ['0.0.0.0', 'means "this network"'],
    ['224.0.0.1', 'is not the address of a single host'],
    ['255.255.255.255', 'is not the address of a single host'],
  ])('a master cannot be at %s', (address, why) => {
    const text = smallSpec.replace('10.0.0.11', address);
    expect(ingotErrorOf(() => parseSpec(text, 'cluster.yaml')).message).toContain(
      `cluster.yaml:2:11: ${address} ${why}`,
    );
  });

  test('masters are in seed.network, where nodes look for their own address', () => {
    expect(errorsOf('seed: { network: 10.0.0.12/30 }\n')).toEqual([
      '2:11: 10.0.0.11 is not in seed.network, 10.0.0.12/30',
      'right: every node needs an address in seed.network; the other is at line 7, column 18',
    ]);
  });

  test('an address with leading zeros, which some programs read as octal, is invalid', () => {
    expect(() => parseSpec(smallSpec.replace('10.0.0.11', '10.0.0.011'), 'cluster.yaml')).toThrow(
      'is not a valid IPv4 address',
    );
    expect(errorsOf('seed: { timeServers: [010.0.0.1] }\n')[0]).toContain('is not a valid time server');
  });
});

test('the longest free range contains no address in use, and no other free range is longer', () => {
  const range = fc
    .tuple(fc.nat(60), fc.nat(60))
    .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
  fc.assert(
    fc.property(range, fc.array(fc.nat(60)), ([first, last], taken) => {
      const runs = Array.from({ length: last - first + 1 }, (_, index) => first + index)
        .map((number) => (taken.includes(number) ? ' ' : 'x'))
        .join('')
        .split(' ');
      const longest = Math.max(...runs.map((run) => run.length));
      const found = longestFree([first, last], taken);
      expect(found === undefined ? 0 : found[1] - found[0] + 1).toBe(longest);
      if (found === undefined) return;
      expect(taken.some((number) => number >= found[0] && number <= found[1])).toBe(false);
      expect(found[0] >= first && found[1] <= last).toBe(true);
    }),
  );
  expect(addressText(0xffff_ff01)).toBe('255.255.255.1');
});
