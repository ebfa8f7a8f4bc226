import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageLayers } from '../../../src/inputs/plan/image-layers.ts';
import { allRoles, type Role } from '../../../src/inputs/plan/plan.ts';
import { layOut } from '../../unit/images/node-programs.ts';
import { Bench } from '../stand-ins/bench.ts';
import { freePort } from '../stand-ins/free-port.ts';
import { onCgroups } from '../stand-ins/on-cgroups.ts';

// Addresses that every host has.
const addresses = { master: '127.0.0.1', slave: '127.0.0.2' } as const;
const seed = {
  version: 1,
  ...{ cluster: 'demo', masters: [addresses.master] },
  agents: [{ attributes: { rack: 'r1', zone: 'b' } }],
};

let folder: string;
let bench: Bench;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-clusterd-'));
  bench = new Bench();
  for (const role of allRoles) makeTree(role);
  // The agent asks Docker for its version.
  const docker = join(folder, 'programs/bin/docker');
  mkdirSync(join(docker, '..'), { recursive: true });
  writeFileSync(
    docker,
    '#!/bin/sh\nfor word; do [ "$word" != --version ] || echo "Docker version 20.10.24+dfsg1, build 297e128"; done\n',
  );
  chmodSync(docker, 0o755);
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The files of images/ for a role of this layout, after compose.d and ingot-identity have run. */
function makeTree(role: Role): void {
  const tree = join(folder, role);
  layOut(tree, imageLayers(role, { base: { suite: 'bookworm' }, layout: 'clusterd', scheduler: 'none' }));
  const put = (path: string, text: string): void => {
    mkdirSync(join(tree, path, '..'), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  put('usr/lib/systemd/system-preset/00-ingot.preset', 'enable var-lib-mesos.mount\nenable ssh.service\n');
  const ingot = join(tree, 'usr/lib/ingot');
  for (const script of ['45-mount-points', '46-mesos-folders', '47-agent-folders'])
    if (existsSync(join(ingot, 'compose.d', script))) execFileSync(join(ingot, 'compose.d', script), [tree]);
  put('etc/ingot/cluster.json', JSON.stringify(seed));
  put('usr/lib/ingot/release.json', JSON.stringify({ role, layout: 'clusterd', scheduler: 'none' }));
  execFileSync('/usr/bin/python3', [
    ...['-sEB', join(ingot, 'identity'), `--root=${tree}`, `--address=${addresses[role]}`],
  ]);
}

/** Shell commands: /etc is that of the tree, /usr also has the package, and changes are in memory. */
const onNode = (role: Role): string[] => [
  `mount -t overlay overlay -o lowerdir=${folder}/programs:${bench.clusterd}/usr:/usr /usr`,
  `mount --bind ${folder}/${role}/etc /etc`,
  'mount -t tmpfs none /var/lib && mkdir /var/lib/mesos',
  'if [ -e /dev/log ]; then mount --bind /dev/null /dev/log; fi',
];

describe('the layout clusterd, with a package that has no files below /etc and /var', () => {
  it('has the folders for its flags and mounts in the image', () => {
    const folders = ['etc/mesos', 'var/lib/mesos'];
    const ofSlaves = [
      'etc/mesos-agent/attributes',
      'etc/mesos-agent/resources',
      'etc/mesos/cni',
      'usr/lib/cni',
    ];
    for (const path of folders) expect(statSync(join(folder, 'master', path)).mode & 0o7777).toBe(0o755);
    for (const path of [...folders, ...ofSlaves])
      expect(statSync(join(folder, 'slave', path)).mode & 0o7777, path).toBe(0o755);
  });

  const expected: Record<Role, readonly string[]> = {
    master: [
      '--cluster=demo',
      '--hostname=127.0.0.1',
      '--hostname_lookup=false',
      '--ip=127.0.0.1',
      '--max_agent_ping_timeouts=20',
      '--quorum=1',
      '--webui_dir=/usr/share/mesos/webui',
      '--work_dir=/var/lib/mesos',
      '--zk=file:///etc/mesos/zk',
    ],
    slave: [
      '--appc_store_dir=/var/lib/mesos/store/appc',
      '--attributes=rack:r1;zone:b',
      '--containerizers=docker,mesos',
      '--docker_store_dir=/var/lib/mesos/store/docker',
      '--executor_registration_timeout=10mins',
      '--fetcher_cache_dir=/var/lib/mesos/fetch',
      '--hostname=127.0.0.2',
      '--hostname_lookup=false',
      '--ip=127.0.0.2',
      '--launcher_dir=/usr/libexec/mesos',
      '--master=file:///etc/mesos/zk',
      '--network_cni_config_dir=/etc/mesos/cni',
      '--network_cni_plugins_dir=/usr/lib/cni',
      '--reconfiguration_policy=additive',
      '--systemd_enable_support=false',
      '--work_dir=/var/lib/mesos',
    ],
  };

  it.each(allRoles)(
    'gives the program of a %s these flags, and the init wrapper reports no problem',
    async (role) => {
      const program = `/usr/bin/mesos-${role === 'master' ? 'master' : 'agent'}`;
      const shown = join(folder, `shown-${role}`);
      writeFileSync(shown, '#!/bin/sh\nprintf \'%s\\n\' "$@" " started on ." >&2\n');
      chmodSync(shown, 0o755);
      const more = [...onNode(role), `mount --bind ${shown} ${program}`];
      const wrapped = role === 'master' ? 'master' : 'agent';
      const { log } = await onCgroups('unified', '/usr/bin/mesos-init-wrapper', [wrapped], more);
      const lines = log.split('\n').filter((line) => line !== '' && !line.includes('started on'));
      const sorted = lines.map((line) =>
        line.startsWith('--attributes=')
          ? `--attributes=${line.slice(13).split(';').sort().join(';')}`
          : line,
      );
      // Where the host has no locale of that name bash says so.
      expect(sorted.filter((line) => !line.includes('setlocale')).sort()).toEqual(expected[role]);
    },
  );

  it.each(allRoles)('lets the program of a %s start', async (role) => {
    // The ports of a node may be in use on this host.
    const port = await freePort();
    const wrapped = role === 'master' ? 'master' : 'agent';
    const more = [...onNode(role), `echo ${port} >/etc/mesos-${wrapped}/port`];
    const { status, log } = await onCgroups('unified', '/usr/bin/mesos-init-wrapper', [wrapped], more);
    rmSync(join(folder, role, `etc/mesos-${wrapped}/port`));
    expect(log).toContain(`started on ${addresses[role]}:${port}`);
    expect(status).toBeNull();
  });
});
