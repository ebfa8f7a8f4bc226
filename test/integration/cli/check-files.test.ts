import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const build = join(project, 'stand-ins/build');
const head = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos: { deb: ${build}/mesos_1.9.0-1.standin1_all.deb }
marathon: { deb: ${build}/marathon_1.11.24-1.standin1_all.deb }
`;

async function check(text: string): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'cluster.yaml'), text);
  const { world, out } = fakeWorld({ cwd });
  await commandLine(world, ['check', join(cwd, 'cluster.yaml'), '--verbose']);
  return out();
}

/** The headlines and remedies, without excerpts, of a spec with these files of slaves; the first is on line 7. */
async function refused(...files: string[]): Promise<string[]> {
  const error = await rejection(
    check(`${head}slave:\n  files:\n${files.map((one) => `    - ${one}\n`).join('')}`),
  );
  expect(error).toMatchObject({ code: 'wrong-spec' });
  return error.message
    .split('\n')
    .flatMap(
      (line) => /cluster\.yaml:(\d+:\d+: .*)|^ {2}(right: .*)/.exec(line)?.slice(1).filter(Boolean) ?? [],
    );
}
const file = (path: string, more = ''): string => `{ path: ${path}, content: x${more} }`;

describe('ingot check refuses a file of a spec that cannot be in an image, with line, column and remedy', () => {
  test('case 07: /etc as a file, and a file below a file', async () => {
    expect(await refused(file('/etc'), file('/etc/motd'), file('/etc/motd/sub'))).toEqual([
      '7:15: /etc is a folder of every Debian system',
      'right: a file in it, such as /etc/NAME',
      '9:15: /etc/motd/sub is below /etc/motd, which is a file of this spec',
      'right: one of the two; the other is at line 8, column 15',
    ]);
  });

  test('case 07: a folder of images/ as a file, a file below a file of images/, a name that no file system takes', async () => {
    const long = `/opt/${'ä'.repeat(128)}`;
    expect(await refused(file('/etc/docker'), file('/etc/docker/daemon.json/x'), file(long))).toEqual([
      '7:15: /etc/docker is a folder of images/',
      'right: a file in it, such as /etc/docker/NAME',
      '8:15: /etc/docker/daemon.json/x is below /etc/docker/daemon.json, which is the file images/slave/rootfs/etc/docker/daemon.json',
      'right: a path that nothing else has',
      `9:15: ${long} has a name of more than 255 bytes`,
      'right: a shorter one',
    ]);
  });

  test('case 07: one path in two spellings', async () => {
    expect(await refused(file('/usr/bin/tool'), file('/bin/tool'))).toEqual([
      '8:15: /bin/tool is /usr/bin/tool',
      'right: each path once; the first is at line 7, column 15',
    ]);
  });

  const tmpfiles = 'a line in a file of /etc/tmpfiles.d, which makes it at each start (tmpfiles.d(5))';
  const state = `${tmpfiles}, or a path that is not a mount`;
  const sealed = 'is removed when the image is sealed:';
  test.each<[string, string, string]>([
    ['/proc/x', 'is hidden on a node: something else is mounted at /proc', state],
    ['/dev/x', 'is hidden on a node: something else is mounted at /dev', state],
    ['/sys/x', 'is hidden on a node: something else is mounted at /sys', state],
    ['/var/lib/ingot/state', 'is hidden on a node: something else is mounted at /var/lib/ingot/state', state],
    ['/tmp/x', `${sealed} transient`, tmpfiles],
    ['/run/x', `${sealed} a tmpfs on the node`, tmpfiles],
    ['/var/log/vendor/README', `${sealed} logs of the build`, tmpfiles],
    ['/var/lib/docker/daemon-hint', `${sealed} engine-id, networks and layers of the build`, tmpfiles],
    ['/var/lib/zookeeper/myid', `${sealed} data and myid of a ZooKeeper`, tmpfiles],
    ['/var/lib/mesos/x', `${sealed} an agent's meta folder`, tmpfiles],
    ['/boot/vendor.txt', `${sealed} kernel and initrd are next to the root`, 'kernelArguments of the spec'],
    [
      '/root/.ssh/authorized_keys',
      `${sealed} the key of the bake`,
      'operators of the spec, who log in as ops',
    ],
    ['/home/ops/.ssh/authorized_keys', `${sealed} the key of the bake`, 'operators of the spec'],
    ['/etc/resolv.conf', `${sealed} name servers of the build host`, 'name servers from DHCP, or DNS='],
    ['/etc/machine-id', `${sealed} two nodes with one machine-id`, 'nothing, each node has its own'],
    ['/etc/ssh/ssh_host_rsa_key', `${sealed} anybody who has the image could impersonate`, 'another path'],
    [
      '/etc/hosts',
      'is written on each node, from the seed and its own address',
      'nothing: each node makes it',
    ],
    [
      '/etc/hostname',
      'is written on each node, from the seed and its own address',
      'nothing: each node makes it',
    ],
    [
      '/etc/mesos/zk',
      'is written on each node, from the seed and its own address',
      'nothing: each node makes it',
    ],
    [
      '/etc/systemd/network/10-cloud-init-eth0.network',
      `${sealed} addresses and cards of the build guest`,
      'another path',
    ],
    [
      '/usr/lib/ingot/compose.d/99-mine',
      'must not be written by the spec: identity, seal, drift and updates depend on it',
      'change images/',
    ],
    [
      '/usr/lib/ingot/ingot_node/cluster_config.py',
      'must not be written by the spec: identity, seal, drift',
      'change images/',
    ],
    [
      '/etc/systemd/system-preset/00-mine.preset',
      'must not be written by the spec: only units that images/ and packages declare start',
      'unitsOn in an image.yaml of images/',
    ],
    [
      '/etc/systemd/system/apt-daily.timer',
      'is of apt-daily.timer, which is masked: it never starts',
      'a unit with another name',
    ],
    [
      '/usr/lib/systemd/system/var-lib-docker.mount',
      "must not be written by the spec: images/slave/rootfs/usr/lib/systemd/system/var-lib-docker.mount mounts a node's state",
      'another unit',
    ],
    ['/etc/sysctl.d/60-cluster.conf', 'is generated from the spec', 'the key of the spec that it is made of'],
    [
      '/etc/passwd',
      'must not be written by the spec: accounts come from packages',
      'a file in /usr/lib/sysusers.d',
    ],
    ['/etc/sudoers.d/zz', 'needs the mode 0440: sudo accepts no other mode', "mode: '0440'"],
    [
      '/usr/lib/locale/x',
      'must not be written by the spec: locales are generated from /etc/locale.gen',
      'a file /etc/locale.gen',
    ],
  ])('cases 07 and 08: %s', async (path, why, right) => {
    const [said, remedy] = await refused(file(path));
    expect(said).toContain(`7:15: ${path} ${why}`);
    expect(remedy).toContain(`right: ${right}`);
  });

  test('case 08: a path below a link is treated as the path that the link leads to', async () => {
    expect((await refused(file('/var/run/mine')))[0]).toBe(
      '7:15: /var/run/mine (/run/mine on a node) is removed when the image is sealed: a tmpfs on the node',
    );
  });

  test('a file of the seed that the node could not write is refused too', async () => {
    const files = [file('/etc/systemd'), file('/etc/motd/x'), file('/opt/a'), file('/opt/a/b')];
    const error = await rejection(
      check(
        `${head}common:\n  files:\n    - ${file('/etc/motd')}\nseed:\n  files:\n${files.map((one) => `    - ${one}\n`).join('')}`,
      ),
    );
    for (const said of [
      ':10:15: /etc/systemd is a folder of images/',
      ':11:15: /etc/motd/x is below /etc/motd, which is a file of this spec',
      ':13:15: /opt/a/b is below /opt/a, which is a file of this spec',
    ])
      expect(error.message).toContain(said);
    expect(error.message).toContain('has 3 errors');
  });

  test('a file for all nodes that only one role cannot have is refused once', async () => {
    const error = await rejection(check(`${head}common:\n  files:\n    - ${file('/etc/hosts')}\n`));
    expect(error.message).toMatch(/^.*cluster\.yaml has an error:/);
  });
});

test('ingot check --verbose shows the real path of a file, and which file of images/ it replaces', async () => {
  const said = await check(`${head}slave:
  files:
    - { path: /lib/udev/rules.d/99-mine.rules, content: x }
    - { path: /etc/docker/daemon.json, content: '{}' }
    - { path: /etc/locale.gen, content: "de_DE.UTF-8 UTF-8\\n" }
    - { path: /etc/default/locale, content: "LANG=de_DE.UTF-8\\n" }
    - { path: /etc/sudoers.d/zz, content: x, mode: '0440' }
    - { path: /usr/lib/ingot/drift.d/50-site.conf, content: "state /opt/site/** # ours\\n" }
    - { path: "/etc/vendor dir/ä 'x' \\"y\\".conf", content: x, mode: '0600' }
`);
  expect(said).toContain(`
  your files        /etc/default/locale (0644), replaces images/common/rootfs/etc/default/locale
                    /etc/docker/daemon.json (0644), replaces images/slave/rootfs/etc/docker/daemon.json
                    /etc/locale.gen (0644), replaces images/common/rootfs/etc/locale.gen
                    /etc/sudoers.d/zz (0440)
                    /etc/vendor dir/ä 'x' "y".conf (0600)
                    /usr/lib/ingot/drift.d/50-site.conf (0644)
                    /usr/lib/udev/rules.d/99-mine.rules (0644), written as /lib/udev/rules.d/99-mine.rules
`);
});
