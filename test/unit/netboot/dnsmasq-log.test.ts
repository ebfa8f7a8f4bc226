import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnsmasqLog } from '../../../src/netboot/dnsmasq-log.ts';

const mac = '52:54:00:00:00:01';
const read = (...lines: string[]) => {
  const log = new DnsmasqLog();
  return lines.flatMap((line) => log.read(line));
};
const question = (vendor: string, ...more: string[]): string[] => [
  'dnsmasq-dhcp[7]: 42 available DHCP range: 10.0.0.100 -- 10.0.0.200',
  `dnsmasq-dhcp[7]: 42 vendor class: ${vendor}`,
  ...more,
  `dnsmasq-dhcp[7]: 42 DHCPDISCOVER(br0) ${mac} `,
];

describe('the log of dnsmasq', () => {
  test.each([
    ['PXEClient:Arch:00000:UNDI:002001', 'BIOS PXE', true],
    ['PXEClient:Arch:00007:UNDI:003000', 'UEFI PXE', true],
    ['HTTPClient:Arch:00016:UNDI:003000', 'UEFI HTTP', true],
    ['PXEClient:Arch:00011:UNDI:003000', 'architecture 11 PXE', true],
    ['udhcp 1.35.0', 'the system', false],
  ])('shows who requests an address: %s is %s', (vendor, by, firmware) => {
    expect(read(...question(vendor))).toEqual([{ kind: 'asked', mac, by, firmware }]);
  });

  test('identifies iPXE by its user class', () => {
    expect(
      read(...question('PXEClient:Arch:00007:UNDI:003010', 'dnsmasq-dhcp[7]: 42 user class: iPXE')),
    ).toEqual([{ kind: 'asked', mac, by: 'iPXE', firmware: true }]);
  });

  test('shows which address a machine has got, with or without a host name, and which machine got none', () => {
    const has = { kind: 'address', mac, address: '10.0.0.11' };
    expect(read(`dnsmasq-dhcp[7]: 42 DHCPACK(br0) 10.0.0.11 ${mac} `)).toEqual([has]);
    expect(read(`dnsmasq-dhcp[7]: 42 DHCPACK(br0) 10.0.0.11 ${mac} demo-master-1`)).toEqual([has]);
    expect(read(`dnsmasq-dhcp[7]: 42 DHCPDISCOVER(br0) ${mac} no address available`)).toEqual([
      { kind: 'asked', mac, by: 'the system', firmware: false },
      { kind: 'no-address', mac, why: 'no address available' },
    ]);
    expect(read(`dnsmasq-dhcp[7]: 42 DHCPNAK(br0) 10.0.9.9 ${mac} wrong network`)).toEqual([
      { kind: 'no-address', mac, why: 'wrong network' },
    ]);
  });

  test('of a proxy shows who requested', () => {
    expect(
      read(
        'dnsmasq-dhcp[7]: 43 vendor class: PXEClient:Arch:00000:UNDI:002001',
        `dnsmasq-dhcp[7]: 43 PXE(br0) ${mac} proxy`,
      ),
    ).toEqual([{ kind: 'asked', mac, by: 'BIOS PXE', firmware: true }]);
  });

  test('shows which loader was sent by TFTP, and which does not exist', () => {
    const file = { by: 'TFTP', bytes: 0, seconds: 0 };
    expect(read('dnsmasq-tftp[7]: sent /srv/net boot/tree/loader/snponly.efi to 10.0.0.11')).toEqual([
      {
        kind: 'file',
        address: '10.0.0.11',
        file: { ...file, path: '/loader/snponly.efi', status: 200, whole: true },
      },
    ]);
    expect(read('dnsmasq-tftp[7]: file /srv/netboot/tree/loader/x.0 not found for 10.0.0.11')).toMatchObject([
      { file: { path: '/loader/x.0', status: 404 } },
    ]);
  });

  test('may contain anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(read(text, `dnsmasq-dhcp[1]: ${text}`)).toBeInstanceOf(Array);
      }),
    );
  });
});
