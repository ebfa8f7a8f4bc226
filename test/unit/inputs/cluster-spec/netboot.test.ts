import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const section = `netboot:
  server: 10.0.0.2
  dhcp: {from: 10.0.0.100, to: 10.0.0.200, netmask: 255.255.255.0}
`;
const withMachines = (...lines: string[]): string =>
  `${smallSpec}${section}  machines:\n${lines.map((line) => `    - ${line}\n`).join('')}`;
const errorsOf = (text: string): string => ingotErrorOf(() => parseSpec(text, 'cluster.yaml')).message;

describe('the section netboot', () => {
  test('may be omitted, and then nothing boots over the network', () => {
    expect(parseSpec(smallSpec, 'cluster.yaml').netboot).toBeUndefined();
  });

  test('has defaults of 60 seconds for the menu and 12 hours for leases', () => {
    expect(parseSpec(`${smallSpec}${section}`, 'cluster.yaml').netboot).toMatchObject({
      unknown: 'menu',
      menuSeconds: 60,
      machines: [],
      dhcp: { leaseMinutes: 720 },
    });
  });

  test('accepts single machines and ranges', () => {
    const text = withMachines(
      '{mac: "52:54:00:00:00:01", role: master, address: 10.0.0.11}',
      '{macs: "52:54:00:00:01:00-52:54:00:00:01:ff", role: slave}',
    );
    expect(parseSpec(text, 'cluster.yaml').netboot?.machines).toHaveLength(2);
  });
});

describe('wrong machines are reported with their place', () => {
  test.each([
    [
      [
        '{mac: "52:54:00:00:01:80", role: slave}',
        '{macs: "52:54:00:00:01:00-52:54:00:00:01:FF", role: slave}',
      ],
      /:12:14: .*overlaps an earlier machine[^]*the first is at line 11, column 13/,
    ],
    [['{macs: "52:54:00:00:01:ff-52:54:00:00:01:00", role: slave}'], /:11:14: .*runs backwards/],
    [['{role: slave}'], /neither mac nor macs/],
    [
      ['{mac: "52:54:00:00:00:01", macs: "52:54:00:00:01:00-52:54:00:00:01:01", role: slave}'],
      /both mac and macs/,
    ],
    [['{mac: "52:54:00:00:00:01", role: master}'], /a master without an address/],
    [['{mac: "52:54:00:00:00:01", role: master, address: 10.0.0.14}'], /10\.0\.0\.14 is not in masters/],
    [['{mac: "52:54:00:00:00:01", role: slave, address: 10.0.0.12}'], /10\.0\.0\.12 is a master's/],
    [['{mac: "52:54:00:00:00:01", role: slave, address: 10.0.1.12}'], /10\.0\.1\.12 is not in the network/],
    [
      ['{macs: "52:54:00:00:01:00-52:54:00:00:01:01", role: slave, address: 10.0.0.50}'],
      /an address for a range of machines/,
    ],
    [
      [
        '{mac: "52:54:00:00:00:01", role: slave, address: 10.0.0.50}',
        '{mac: "52:54:00:00:00:02", role: slave, address: 10.0.0.50}',
      ],
      /10\.0\.0\.50 is listed twice/,
    ],
    [['{mac: "52:54:00:00:00", role: slave}'], /not a valid MAC address/],
  ])('%j', (lines, message) => {
    expect(errorsOf(withMachines(...lines))).toMatch(message);
  });

  test('a range of addresses that runs backwards and an invalid netmask are reported too', () => {
    const text = `${smallSpec}${section}`
      .replace('10.0.0.100', '10.0.0.201')
      .replace('255.255.255.0', '255.0.255.0');
    expect(errorsOf(text)).toMatch(
      /10\.0\.0\.200 is before 10\.0\.0\.201[^]*255\.0\.255\.0 is not a netmask/,
    );
  });

  test('an address of the server that is also given to a machine is reported too', () => {
    expect(errorsOf(withMachines('{mac: "52:54:00:00:00:01", role: slave, address: 10.0.0.2}'))).toMatch(
      /10\.0\.0\.2 is the netboot server's/,
    );
  });
});

describe('next to another DHCP server', () => {
  const proxy = (dhcp: string): string => `${smallSpec}netboot: {server: 10.0.0.2, dhcp: {${dhcp}}}\n`;

  test('only the netmask is given', () => {
    expect(
      parseSpec(proxy('proxy: true, netmask: 255.255.255.0'), 'cluster.yaml').netboot?.dhcp,
    ).toMatchObject({
      proxy: true,
    });
  });

  test('addresses, router and nameservers cannot be given', () => {
    const text = proxy(
      'proxy: true, netmask: 255.255.255.0, from: 10.0.0.5, to: 10.0.0.9, router: 10.0.0.1, nameservers: [10.0.0.1]',
    );
    for (const key of ['from', 'to', 'router', 'nameservers'])
      expect(errorsOf(text)).toContain(`${key} with proxy: true`);
  });

  test('without it they are required', () => {
    expect(errorsOf(proxy('netmask: 255.255.255.0'))).toMatch(/dhcp without from[^]*dhcp without to/);
  });
});
