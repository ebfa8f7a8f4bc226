import { describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { quoteDnsmasq } from '../../../src/render/quote-dnsmasq.ts';
import { renderDnsmasq } from '../../../src/render/render-dnsmasq.ts';
import { netbootPlanOf } from '../../samples/netboot.ts';

const templates = await loadTemplates('templates');
const settings = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const full = settings(renderDnsmasq(templates, 'demo', netbootPlanOf(), '/srv/netboot'));

describe('dnsmasq.conf', () => {
  test('assigns addresses, and to each machine with an address its own', () => {
    expect(full).toContain('dhcp-range=10.0.0.100,10.0.0.200,255.255.255.0,720m');
    expect(full).toContain('dhcp-host=52:54:00:00:00:01,10.0.0.11');
    expect(full).toContain('dhcp-lease-max=102');
  });

  test('sets no router unless the spec does', () => {
    expect(full).toContain('dhcp-option=option:router');
    const section =
      'netboot: {server: 10.0.0.2, dhcp: {from: 10.0.0.5, to: 10.0.0.9, netmask: 255.255.255.0, router: 10.0.0.1, nameservers: [10.0.0.3, 10.0.0.4]}}\n';
    const text = settings(renderDnsmasq(templates, 'demo', netbootPlanOf(section), '/srv/netboot'));
    expect(text).toContain('dhcp-option=option:router,10.0.0.1');
    expect(text).not.toContain('dhcp-option=option:router');
    expect(text).toContain('dhcp-option=option:dns-server,10.0.0.3,10.0.0.4');
  });

  test('gives iPXE the script, BIOS and UEFI their loader by TFTP, HTTP boot its loader by HTTP', () => {
    expect(full.filter((line) => line.startsWith('dhcp-boot='))).toEqual([
      'dhcp-boot=tag:ipxe,http://10.0.0.2/boot.ipxe,,10.0.0.2',
      'dhcp-boot=tag:!ipxe,tag:http,http://10.0.0.2/loader/snponly.efi,,10.0.0.2',
      'dhcp-boot=tag:!ipxe,tag:bios,undionly.kpxe,,10.0.0.2',
      'dhcp-boot=tag:!ipxe,tag:uefi,snponly.efi,,10.0.0.2',
    ]);
  });

  test('as a proxy assigns no address and sets only the options for booting', () => {
    const section = 'netboot: {server: 10.0.0.2, dhcp: {proxy: true, netmask: 255.255.255.0}}\n';
    const text = settings(renderDnsmasq(templates, 'demo', netbootPlanOf(section), '/srv/netboot'));
    expect(text).toContain('dhcp-range=10.0.0.0,proxy,255.255.255.0');
    expect(text.some((line) => /^dhcp-(host|option|authoritative|lease)/.test(line))).toBe(false);
    expect(text.filter((line) => line.startsWith('pxe-service='))).toEqual([
      'pxe-service=tag:!ipxe,x86PC,iPXE,undionly.kpxe',
      'pxe-service=tag:!ipxe,BC_EFI,iPXE,snponly.efi',
      'pxe-service=tag:!ipxe,x86-64_EFI,iPXE,snponly.efi',
    ]);
  });

  test('is refused for a folder that it cannot represent: the place in the template is named', () => {
    expect(() => renderDnsmasq(templates, 'demo', netbootPlanOf(), '/srv/a\nb')).toThrow(
      /^templates\/netboot\/servers\/dnsmasq\.conf\.hbs:\d+:\d+: \{\{dnsmasq\}\}: dnsmasq\.conf cannot hold/,
    );
  });
});

test('a path is in quotes', () => {
  expect(quoteDnsmasq('/a b,"c"\\d#e')).toBe('"/a b,\\"c\\"\\\\d#e"');
});
