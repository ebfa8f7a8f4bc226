import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from './bench.ts';
import { freePort } from './free-port.ts';
import { type Cgroups, onCgroups } from './on-cgroups.ts';

let bench: Bench;
let port: number;
beforeAll(async () => {
  bench = new Bench();
  mkdirSync(join(bench.folder, 'cni'));
  port = await freePort();
});
afterAll(() => bench.close());

const agents = { clusterd: 'usr/bin/mesos-agent', mesosphere: 'usr/sbin/mesos-slave' } as const;

function agent(
  of: keyof typeof agents,
  cgroups: Cgroups,
  flags: readonly string[],
  more?: readonly string[],
) {
  const program = join(of === 'clusterd' ? bench.clusterd : bench.tree, agents[of]);
  const always = ['--master=127.0.0.1:1', '--ip=127.0.0.1', `--port=${port}`, '--work_dir=WORK/work'];
  const args = [...always, ...flags].map((flag) => flag.replace('WORK', bench.folder));
  return onCgroups(cgroups, program, args, more);
}

const docker = '--containerizers=docker,mesos';
const noSystemd = '--systemd_enable_support=false';
const cni = ['--network_cni_plugins_dir=/usr/lib/cni', '--network_cni_config_dir=WORK/cni'];
const theirs = 'Failed to create a containerizer: Could not create';

const refusals: [keyof typeof agents, string, Cgroups, string[], string][] = [
  [
    'clusterd',
    'pure cgroup v2, with the support of systemd, which is the default',
    'unified',
    [docker],
    "Failed to initialize systemd: Failed to locate systemd cgroups hierarchy: '/sys/fs/cgroup/systemd' is not a valid hierarchy",
  ],
  [
    'clusterd',
    'cgroup v2 that is mounted elsewhere',
    'hybrid',
    [docker],
    `${theirs} DockerContainerizer: Found cgroups2 mount at an unexpected location '/sys/fs/cgroup/unified'`,
  ],
  [
    'clusterd',
    'cgroups of neither version with the cpu controller',
    'systemd only',
    [docker],
    "Failed to find a mounted cgroups hierarchy for the 'cpu' subsystem",
  ],
  [
    'mesosphere',
    'pure cgroup v2, with the support of systemd, which is the default',
    'unified',
    [docker],
    "'/sys/fs/cgroup/systemd' is not a valid hierarchy",
  ],
  [
    'mesosphere',
    'pure cgroup v2, for Docker',
    'unified',
    [noSystemd, docker],
    `${theirs} DockerContainerizer: Failed to create docker: Failed to find a mounted cgroups hierarchy for the 'cpu' subsystem`,
  ],
  [
    'clusterd',
    'one of the two folders of CNI',
    'unified',
    [noSystemd, docker, '--network_cni_plugins_dir=/usr/lib/cni'],
    "Could not create isolator 'network/cni': Missing required '--network_cni_config_dir' flag",
  ],
  [
    'clusterd',
    'a folder of CNI networks that does not exist',
    'unified',
    [noSystemd, docker, '--network_cni_plugins_dir=/usr/lib/cni', '--network_cni_config_dir=WORK/none'],
    "none' does not exist",
  ],
  [
    'clusterd',
    'an unknown containerizer',
    'unified',
    [noSystemd, '--containerizers=rocket'],
    'Unknown or unsupported containerizer: rocket',
  ],
];

test.each(refusals)('the agent of %s does not start on %s', async (of, _what, cgroups, flags, words) => {
  const { status, log } = await agent(of, cgroups, flags);
  expect(log).toContain(words);
  expect(status, log).toBe(1);
});

test('the agent of clusterd starts on pure cgroup v2 without the support of systemd', async () => {
  const { status, log } = await agent('clusterd', 'unified', [noSystemd, docker, ...cni]);
  expect(log).toContain(`started on 127.0.0.1:${port}`);
  expect(status).toBeNull();
});

test('the agent of Mesosphere starts if systemd has its hierarchy', async () => {
  const { status, log } = await agent('mesosphere', 'hybrid', []);
  expect(log).toContain(`started on 127.0.0.1:${port}`);
  expect(status).toBeNull();
});

const noNames = [
  `printf 'hosts: files\\n' >/usr/sbin/nsswitch && mount --bind /usr/sbin/nsswitch /etc/nsswitch.conf`,
  `printf '127.0.0.2 other\\n' >/usr/sbin/hosts && mount --bind /usr/sbin/hosts /etc/hosts`,
];

test('master and agent of clusterd do not start if their own address has no name, even when they are given one', async () => {
  const named = ['--hostname=slave-1', noSystemd];
  const asAgent = await agent('clusterd', 'unified', named, noNames);
  expect(asAgent.log).toContain('Failed to get hostname of the own address 127.0.0.1');
  expect(asAgent.status).toBe(1);
  const master = join(bench.clusterd, 'usr/bin/mesos-master');
  const flags = ['--ip=127.0.0.1', '--hostname=master-1', `--work_dir=${bench.folder}/master`];
  const asMaster = await onCgroups('unified', master, flags, noNames);
  expect(asMaster.log).toContain('Failed to get hostname of the own address 127.0.0.1');
  expect(asMaster.status).toBe(1);
});
