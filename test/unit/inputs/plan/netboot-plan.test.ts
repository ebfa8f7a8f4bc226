import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { planNetboot } from '../../../../src/inputs/plan/netboot-plan.ts';
import { netbootPlanOf, netbootSection } from '../../../samples/netboot.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

describe('the plan for network boot', () => {
  test('has every default filled in', () => {
    expect(netbootPlanOf()).toEqual({
      server: '10.0.0.2',
      port: 80,
      url: 'http://10.0.0.2',
      folder: '/srv/netboot',
      network: '10.0.0.0',
      netmask: '255.255.255.0',
      pool: { from: '10.0.0.100', to: '10.0.0.200', router: null, nameservers: [], leaseMinutes: 720 },
      unknown: 'menu',
      menuSeconds: 60,
      machines: [
        { macs: [0x525400000001n, 0x525400000001n], role: 'master', address: '10.0.0.11' },
        { macs: [0x525400000100n, 0x52540000017fn], role: 'slave', address: null },
      ],
      roles: ['master', 'slave'],
    });
  });

  test('has another port in its URL', () => {
    expect(netbootPlanOf(`${netbootSection}  port: 8080\n`).url).toBe('http://10.0.0.2:8080');
  });

  test('assigns no addresses next to another DHCP server', () => {
    const section = 'netboot: {server: 10.9.130.2, dhcp: {proxy: true, netmask: 255.255.128.0}}\n';
    expect(netbootPlanOf(section)).toMatchObject({ pool: null, network: '10.9.128.0' });
  });

  test.each([
    ['menu', ['master', 'slave']],
    ['master', ['master']],
    ['slave', ['slave']],
  ])('needs the images that a machine may get: if any other machine gets %s, %j', (unknown, roles) => {
    const section = `netboot: {server: 10.0.0.2, unknown: ${unknown}, dhcp: {proxy: true, netmask: 255.255.255.0}}\n`;
    expect(netbootPlanOf(section).roles).toEqual(roles);
  });

  test('is refused if the spec has no section netboot', () => {
    const error = ingotErrorOf(() => planNetboot(parseSpec(smallSpec, 'cluster.yaml')));
    expect(error).toMatchObject({ code: 'wrong-spec', message: 'the spec has no section netboot' });
  });
});
