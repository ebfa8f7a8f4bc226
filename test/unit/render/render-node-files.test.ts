import { expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { renderNodeFiles } from '../../../src/render/render-node-files.ts';
import { samplePlan } from '../../samples/hostile.ts';

const templates = await loadTemplates('templates');
const contentOf = (path: string, standIns: readonly string[] = []): string | undefined =>
  renderNodeFiles(templates, samplePlan, 'master', { tool: '0.1.0', standIns }).find(
    (file) => file.path === path,
  )?.content;

test('release.json describes the image, and is for production only without stand-ins', () => {
  expect(JSON.parse(contentOf('/usr/lib/ingot/release.json') ?? '')).toEqual({
    role: 'master',
    layout: 'mesosphere',
    scheduler: 'marathon',
    suite: 'bookworm',
    architecture: 'amd64',
    date: '2026-11-22T00:00:00Z',
    tool: '0.1.0',
    standIns: [],
    production: true,
  });
  const marked = JSON.parse(
    contentOf('/usr/lib/ingot/release.json', ['mesos 1.9.0-stand-in']) ?? '',
  ) as object;
  expect(marked).toMatchObject({ standIns: ['mesos 1.9.0-stand-in'], production: false });
});

test('the preset enables the units of the role and disables all others', () => {
  const lines = contentOf('/usr/lib/systemd/system-preset/00-ingot.preset')?.split('\n').slice(1);
  expect(lines).toEqual(['enable zookeeper.service', 'enable fstrim.timer', 'disable *', '']);
});

test('masked units are listed one on each line', () => {
  expect(contentOf('/usr/lib/ingot/units-masked')).toBe('other.service\ngetty@tty1.service\n');
});

test('the kernel arguments are also in the root, a word on each line, so that ingot-drift can compare them', () => {
  const rolePlan = samplePlan.roles.find(({ role }) => role === 'master');
  expect(rolePlan?.kernelArguments.length).toBeGreaterThan(0);
  expect(contentOf('/usr/lib/ingot/kernel-arguments')).toBe(`${rolePlan?.kernelArguments.join('\n')}\n`);
});

test('sysctls are sorted by name, so that their order in the spec changes nothing', () => {
  const names = contentOf('/etc/sysctl.d/60-cluster.conf')?.match(/^[a-z].*(?= =)/gm);
  expect(names).toEqual(['net.core.somaxconn', 'net.ipv4.ip_local_port_range', 'vm.swappiness']);
});

test('a role that the plan does not have is refused', () => {
  const plan = { ...samplePlan, roles: [] };
  expect(() => renderNodeFiles(templates, plan, 'slave', { tool: '0', standIns: [] })).toThrow(
    'no role slave',
  );
});

test('the time limit of a version on trial is that of the spec, instead of the default', () => {
  expect(
    contentOf('/usr/lib/systemd/system/ingot-trial-deadline.timer.d/10-spec.conf')
      ?.split('\n')
      .filter((line) => !line.startsWith('#')),
  ).toEqual(['[Timer]', 'OnBootSec=', 'OnBootSec=15min', '']);
});
