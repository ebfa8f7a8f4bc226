import { expect, test } from 'vitest';
import { describePlan } from '../../../../src/inputs/plan/describe-plan.ts';
import type { Plan, RolePlan } from '../../../../src/inputs/plan/plan.ts';
import { samplePlan } from '../../../samples/hostile.ts';

const [master, slave] = samplePlan.roles as [RolePlan, RolePlan];
const plan: Plan = {
  ...samplePlan,
  base: {
    ...samplePlan.base,
    sources: [
      { uris: ['http://d.example/debian'], suites: ['bookworm'], components: ['main'], signedBy: '/k.gpg' },
    ],
  },
  sharedPackages: ['chrony', 'systemd'],
  roles: [
    {
      ...master,
      debs: [
        { name: 'mesos', from: '/m.deb' },
        { name: 'marathon', from: '/x.deb', sha256: 'ab'.repeat(32) },
      ],
    },
    {
      ...slave,
      packages: Array.from({ length: 20 }, (_, index) => `package-${index}`),
      debs: [{ name: 'mesos', from: '/m.deb' }],
      kernelArguments: ['quiet', 'systemd.unified_cgroup_hierarchy=0'],
      checks: [{ name: 'docker answers', run: 'docker info', within: 60 }],
    },
  ],
};

test('the description shows once what both roles have, then what each has in addition', () => {
  expect(describePlan(plan)).toMatchInlineSnapshot(`
    "cluster demo
      masters           10.0.0.11 (id 1), 10.0.0.12 (id 2), 10.0.0.13 (id 3)
      quorum            2 of 3
      layout            mesosphere
      scheduler         marathon
      targets           qcow2
      base              debian bookworm amd64
      from              http://d.example/debian bookworm main (key /k.gpg)
      build guest       2 processors, 2048 MiB, 20 minutes at most

    every node
      packages (2)      chrony systemd
      debs              mesos: /m.deb
      your files        /etc/motd (0644)
      sysctls           vm.swappiness=1, net.core.somaxconn=4096,
                        net.ipv4.ip_local_port_range=32768 60999
      kernel arguments  quiet
      steps             /images/10-first
                        /images/20-second
      units on          zookeeper.service fstrim.timer
      units masked      other.service getty@tty1.service

    master, besides
      debs              marathon: /x.deb (sha256 abababababab…)

    slave, besides
      packages (20)     package-0 package-1 package-2 package-3 package-4 package-5 package-6 package-7
                        package-8 package-9 package-10 package-11 package-12 package-13 package-14
                        package-15 package-16 package-17 package-18 package-19
      kernel arguments  systemd.unified_cgroup_hierarchy=0
      checks            docker answers
    "
  `);
});

test('words are wrapped at 100 columns', () => {
  for (const line of describePlan(plan).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
