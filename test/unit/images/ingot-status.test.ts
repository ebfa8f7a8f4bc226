import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodePrograms } from './node-programs.ts';
import { NodeTree } from './node-tree.ts';

const images = fileURLToPath(new URL('../../../images', import.meta.url));
const common = join(images, 'common/rootfs');

/** Adds the declarations of these layers for ingot-status. */
const shows = (...layers: readonly string[]): void => {
  for (const layer of layers)
    cpSync(
      join(images, layer, 'rootfs/usr/lib/ingot/status.d'),
      join(tree.folder, 'usr/lib/ingot/status.d'),
      { recursive: true },
    );
};
const hash = 'ab'.repeat(32);
const identity = {
  cluster: 'demo',
  address: '10.0.0.12',
  name: 'demo-master-10-0-0-12',
  masters: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
  quorum: 2,
  zooKeeperId: 2,
};

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write(
    '/usr/lib/ingot/release.json',
    JSON.stringify({ role: 'master', layout: 'mesosphere', scheduler: 'marathon' }),
  );
  tree.write('/proc/cmdline', `ingot.version=v7 ingot.roothash=${hash} ingot.slot=a\n`);
  tree.write('/sys/block/dm-0/dm/name', 'ingot-root\n');
  tree.write('/sys/block/dm-0/dm/uuid', 'CRYPT-VERITY-0123-ingot-root\n');
  tree.write('/run/ingot/identity.json', JSON.stringify(identity));
  tree.write('/run/ingot/who', 'demo-master-10-0-0-12 (10.0.0.12), master 2 of 3, quorum 2\n');
  tree.write('/run/ingot/esp/a/slot.cfg', 'set ingot_version=v7\n');
  tree.write('/run/ingot/esp/grub/grubenv', '# GRUB Environment Block\ningot_slot=a\n'.padEnd(1024, '#'));
  tree.write('/proc/self/mounts', '/dev/vda3 /var/lib/ingot/state ext4 rw 0 0\n');
  tree.write('/var/lib/ingot/state/.here', '');
  tree.write(
    '/usr/lib/systemd/system-preset/00-ingot.preset',
    ['zookeeper', 'mesos-master', 'marathon', 'ssh'].map((name) => `enable ${name}.service\n`).join(''),
  );
  shows('master', 'schedulers/marathon/master');
  check('units-active', 'echo all 30 units are active');
  check('root-verified', 'echo verified');
  check('zookeeper', "echo ZooKeeper\\'s mode is follower");
  check('elected-master', 'echo 10.0.0.11 is elected, as reported by ZooKeeper and 10.0.0.11 and 10.0.0.12');
  check('metric', 'echo "$2 is 1"');
  check('marathon-leader', 'echo the leader is 10.0.0.13:8080');
  systemd('running', 'active');
  program('/bin/chronyc', "echo 'Leap status     : Normal'");
});
afterEach(() => {
  tree.remove();
});

function program(path: string, text: string): void {
  tree.write(path, `#!/bin/sh\n${text}\n`);
  chmodSync(join(tree.folder, path), 0o755);
}
const check = (name: string, text: string): void => {
  program(`/usr/lib/ingot/check/${name}`, text);
};
function systemd(system: string, unit: string): void {
  program(
    '/bin/systemctl',
    `case "$1" in
  is-system-running) echo ${system} ;;
  list-units) echo "zookeeper.service loaded failed failed ZooKeeper" ;;
  show) for name; do case "$name" in *.service) printf 'Id=%s\\nActiveState=${unit}\\n\\n' "$name" ;; esac; done ;;
esac`,
  );
}

function run(program_: string, ...args: string[]) {
  const done = spawnSync(program_, args, {
    encoding: 'utf8',
    env: {
      PATH: `${join(tree.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      INGOT_RUN: join(tree.folder, 'run/ingot'),
      INGOT_CHECKS: join(tree.folder, 'usr/lib/ingot/check'),
    },
  });
  return { exitCode: done.status, stdout: done.stdout, stderr: done.stderr };
}
const status = (...args: string[]) =>
  run(
    '/usr/bin/python3',
    '-sEB',
    join(nodePrograms('common'), 'usr/bin/ingot-status'),
    `--root=${tree.folder}`,
    ...args,
  );

/** Writes an answer of ingot-drift. */
const drifted = (counts: { drift: number; critical: number }): void => {
  const head = { schema: 1, ...counts, when: '2026-11-27T12:00:00Z' };
  tree.write('/run/ingot/drift.json', `${JSON.stringify(head)}\n{"path":"/etc/x"}\n`);
};

interface Found {
  readonly healthy: boolean;
  readonly problems: readonly string[];
  readonly [name: string]: unknown;
}
const found = (): Found => JSON.parse(status('--json').stdout) as Found;

describe('ingot-status on a healthy master', () => {
  it('is healthy if Mesos requires a login and the node has it', () => {
    tree.write('/run/ingot/operator', 'operator\n');
    expect(found()).toMatchObject({ healthy: true, problems: [] });
  });

  it('shows the image, the identity, and that the node is healthy', () => {
    const { exitCode, stdout, stderr } = status();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const line of [
      'HEALTHY',
      'role        master, layout mesosphere, scheduler marathon',
      'version     v7',
      `root        ${hash}, enforced by dm-verity`,
      'identity    demo-master-10-0-0-12, 10.0.0.12, ZooKeeper 2',
      'seed        not signed: this image trusts every seed',
      'quorum      2 of 3 masters; ZooKeeper is follower, 10.0.0.11 is elected',
      'services    zookeeper active, mesos-master active, marathon active',
      'clock       synchronised',
      'update      slot a, settled; slot b holds nothing',
      'drift       not checked',
    ])
      expect(stdout.split('\n')).toContain(line);
    expect(stdout).toMatch(/^state {7}\/dev\/vda3, \d+ of \d+ MiB free$/m);
    expect(stdout).not.toContain('PROBLEM');
  });

  it('shows the same as JSON', () => {
    expect(found()).toMatchObject({
      healthy: true,
      problems: [],
      release: { role: 'master', version: 'v7', rootHash: hash, verified: true },
      identity: { joined: true, zooKeeperId: 2 },
      quorum: { masters: 3, needed: 2, zooKeeper: 'follower', elected: '10.0.0.11' },
      services: { zookeeper: 'active', 'mesos-master': 'active', marathon: 'active' },
      checks: { marathon: { ok: true, says: 'the leader is 10.0.0.13:8080' } },
      drift: { says: 'not checked' },
    });
  });

  it.each<[string, () => void, string]>([
    ['that it was not checked yet', () => { tree.write('/usr/bin/ingot-drift', ''); }, 'not checked yet (sudo ingot-drift)'], // prettier-ignore
    ['that there is none', () => { drifted({ drift: 0, critical: 0 }); }, 'none, 2026-11-27T12:00:00Z'], // prettier-ignore
    ['how much there is', () => { drifted({ drift: 3, critical: 1 }); }, '3 found, 1 of them critical (sudo ingot-drift), 2026-11-27T12:00:00Z'], // prettier-ignore
    ['that the answer cannot be read', () => { tree.write('/run/ingot/drift.json', 'no\n'); }, 'the last answer cannot be read'], // prettier-ignore
  ])('shows for drift %s', (_, given, says) => {
    given();
    expect(status().stdout).toContain(`drift       ${says}`);
  });

  it('shows which key signed its seed', () => {
    tree.write('/usr/lib/ingot/seed-keys/release.pem', '');
    tree.write('/run/ingot/seed-signed', '{"signedBy": "release"}');
    expect(status().stdout).toContain('seed        signed by release\n');
  });
});

describe('ingot-status shows the problem, and its exit status is 1', () => {
  it.each<[string, () => void, string]>([
    ['no identity', () => { tree.write('/run/ingot/identity-failed', 'no seed\n'); }, 'identity: no seed'], // prettier-ignore
    ['a root that is not verified', () => { tree.write('/sys/block/dm-0/dm/uuid', 'LVM-1'); }, 'root: the kernel does not verify it'], // prettier-ignore
    ['a check that fails', () => { check('zookeeper', 'echo mode is not said; exit 1'); }, 'zookeeper: mode is not said'], // prettier-ignore
    ['a unit that failed', () => { systemd('degraded', 'failed'); }, 'unit: zookeeper.service has failed'], // prettier-ignore
    ['a boot that has not ended', () => { systemd('starting', 'activating'); }, 'system: starting'], // prettier-ignore
    ['state in memory', () => { tree.write('/run/ingot/diskless', 'no disk\n'); }, 'state is kept in memory: no disk'], // prettier-ignore
    ['a full disk', () => { tree.write('/run/ingot/state-full', 'full\n'); }, 'state: full'], // prettier-ignore
    [
      'a clock that the seed requires to be synchronised',
      () => {
        tree.write('/run/chrony-dhcp/seed.sources', 'server 10.0.0.1 iburst\n');
        program('/bin/chronyc', "echo 'Leap status     : Not synchronised'");
      },
      'clock: it is not synchronised',
    ],
  ])('%s', (_, harm, problem) => {
    harm();
    const { exitCode, stdout } = status();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^NOT HEALTHY\n/);
    expect(stdout).toContain(`PROBLEM     ${problem}`);
  });

  it('a clock that the seed does not require is shown, but not a problem', () => {
    program('/bin/chronyc', "echo 'Leap status     : Not synchronised'");
    const { exitCode, stdout } = status();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('clock       not synchronised; the seed names no time server');
  });

  it('on a node that does not join, the checks of the cluster do not run', () => {
    tree.write('/run/ingot/identity-failed', 'no seed\n');
    check('zookeeper', 'echo asked >&2; exit 1');
    expect(found().problems).toEqual(['identity: no seed']);
  });
});

describe('ingot-status on a master of a cluster without a scheduler', () => {
  it('neither checks nor shows a scheduler, and shows that there is none', () => {
    const release = { role: 'master', layout: 'clusterd', scheduler: 'none' };
    tree.write('/usr/lib/ingot/release.json', JSON.stringify(release));
    tree.drop('/usr/lib/ingot/status.d');
    shows('master');
    check('marathon-leader', 'echo asked >&2; exit 1');
    const { exitCode, stdout } = status();
    expect({ exitCode, marathon: stdout.includes('marathon') }).toEqual({ exitCode: 0, marathon: false });
    expect(stdout).toContain('role        master, layout clusterd, scheduler none\n');
    expect(stdout).toContain('services    zookeeper active, mesos-master active\n');
    expect(Object.keys(found()['checks'] as object)).toEqual([
      ...['units', 'root', 'zookeeper', 'mesos-master', 'registry'],
    ]);
  });
});

describe('ingot-status on a slave', () => {
  it('shows the attributes of the agent, and checks Docker and the agent', () => {
    tree.write(
      '/usr/lib/ingot/release.json',
      JSON.stringify({ role: 'slave', layout: 'mesosphere', scheduler: 'marathon' }),
    );
    const slave = { ...identity, zooKeeperId: undefined };
    tree.write('/run/ingot/identity.json', JSON.stringify({ ...slave, attributes: { rack: 'r1' } }));
    tree.drop('/usr/lib/ingot/status.d');
    shows('slave', 'layouts/mesosphere/slave');
    check('docker', 'echo Docker: overlay2');
    check('agent-registered', 'echo registered with 10.0.0.11, which is elected');
    expect(status().stdout).toContain('agent       registered with 10.0.0.11, which is elected\n');
    expect(status().stdout).toContain('10.0.0.12, attributes rack:r1\n');
    expect(Object.keys(found()['checks'] as object)).toEqual(['units', 'root', 'docker', 'agent']);
    expect(found()['quorum']).toBeNull();
  });
});

describe('at login', () => {
  const services = () => run(join(common, 'usr/lib/ingot/login-status')).stdout;

  it('a person sees the node, without a check', () => {
    expect(run(join(common, 'etc/update-motd.d/52-ingot-status')).stdout).toBe(
      'node        demo-master-10-0-0-12 (10.0.0.12), master 2 of 3, quorum 2\n',
    );
  });

  it('a person sees in one line whether the units run', () => {
    expect(services()).toBe('services    all 30 units are active\nmore        ingot-status\n');
    check('units-active', 'echo zookeeper.service is failed; exit 1');
    expect(services()).toContain('services    NOT HEALTHY: zookeeper.service is failed\n');
  });

  it.each([
    ['a shell of a person', '-i', true],
    ['a command over ssh', '', false],
  ])('%s', (_, flag, asked) => {
    const profile = join(common, 'etc/profile.d/ingot-status.sh');
    tree.write('/bin/run-parts', '#!/bin/sh\necho "parts of $1"\n');
    chmodSync(join(tree.folder, 'bin/run-parts'), 0o755);
    const said = run('/bin/bash', '--norc', ...(flag === '' ? [] : [flag]), '-c', `. ${profile}; :`);
    expect(said.stderr.includes('/usr/lib/ingot/login-status')).toBe(asked);
    expect(said.stdout.includes('parts of /etc/update-motd.d')).toBe(asked);
  });
});
