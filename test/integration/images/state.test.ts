import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodePrograms } from '../../unit/images/node-programs.ts';
import { NodeTree } from '../../unit/images/node-tree.ts';

const common = nodePrograms('common');

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write('/run/.here', '');
});
afterEach(() => {
  tree.remove();
});

/**
 * Runs shell text in its own mount namespace with a tmpfs of this size at $disk; $common has the programs of the node.
 */
function onSmallDisk(size: string, text: string): { output: string; exitCode: number | null } {
  const script = `mkdir -p "$disk" && mount -t tmpfs -o size=${size},nr_inodes=${size === '1m' ? 20 : 100000} tmpfs "$disk"\n${text}`;
  const done = spawnSync('unshare', ['--mount', 'sh', '-c', script], {
    encoding: 'utf8',
    env: {
      ...{ PATH: process.env['PATH'], LC_ALL: 'C', common, disk: join(tree.folder, 'state') },
      ...{ INGOT_RUN: join(tree.folder, 'run'), INGOT_CONSOLE: join(tree.folder, 'console') },
      ...{ INGOT_KEYS: join(tree.folder, 'state/ssh'), INGOT_SSHD: join(tree.folder, 'run') },
    },
  });
  return { output: `${done.stdout}${done.stderr}`, exitCode: done.status };
}

describe('a disk of state', () => {
  it('that is full is reported on the console, in the journal and at login, with what to do', () => {
    const ran = onSmallDisk('60m', '"$common/usr/lib/ingot/state-room" "$disk" /dev/vda3');
    expect(ran.exitCode).toBe(0);
    for (const said of [ran.output, tree.read('/console'), tree.read('/run/state-full')])
      expect(said).toMatch(/state disk is full: 60 MiB and \d+ files are free on \/dev\/vda3.*make room/);
    const login = onSmallDisk('60m', '"$common/etc/update-motd.d/55-ingot-state"');
    expect(login.output).toMatch(/^STATE: the state disk is full/);
  });

  it('that cannot hold more files counts as full', () => {
    const ran = onSmallDisk('1m', '"$common/usr/lib/ingot/state-room" "$disk" /dev/vda3');
    expect(ran.output).toMatch(/and 1\d files are free/);
  });

  it('with free space is not reported, and the report ends when there is space again', () => {
    tree.write('/run/state-full', 'full');
    expect(onSmallDisk('200m', '"$common/usr/lib/ingot/state-room" "$disk" /dev/vda3')).toEqual({
      output: '',
      exitCode: 0,
    });
    expect(tree.paths()).not.toContain('/run/state-full');
    expect(onSmallDisk('200m', '"$common/etc/update-motd.d/55-ingot-state"').output).toBe('');
  });
});

describe('the host key', () => {
  const keys = '"$common/usr/lib/ingot/host-keys"; echo "exit $?"; ls -A "$disk/ssh"';

  it('is created once, and kept', () => {
    const ran = onSmallDisk(
      '10m',
      `mkdir "$disk/ssh"; ${keys}; before=$(cat "$disk/ssh/ssh_host_ed25519_key"); ${keys}
       [ "$before" = "$(cat "$disk/ssh/ssh_host_ed25519_key")" ] && echo the same`,
    );
    expect(ran.output).toMatch(/^(exit 0\nssh_host_ed25519_key\nssh_host_ed25519_key.pub\n){2}the same\n$/);
  });

  it('is in memory if the disk is full, so that the node can be reached; no partial key is left', () => {
    const ran = onSmallDisk(
      '1m',
      `mkdir "$disk/ssh"; dd if=/dev/zero of="$disk/filling" bs=64k 2>/dev/null; ${keys}`,
    );
    expect(ran.output).toMatch(/no host key can be kept/);
    // Standard output comes first: no file is left in the folder.
    expect(ran.output).toMatch(/^exit 0\nSaving key/);
    expect(tree.read('/run/05-ingot-memory.conf')).toBe(
      `HostKey ${tree.folder}/run/ssh/ssh_host_ed25519_key\n`,
    );
    expect(tree.read('/run/ssh/ssh_host_ed25519_key')).toContain('PRIVATE KEY');
  });

  it('is in memory if its folder cannot be created', () => {
    expect(onSmallDisk('1m', '"$common/usr/lib/ingot/host-keys"').exitCode).toBe(0);
    expect(tree.paths()).toContain('/run/ssh/ssh_host_ed25519_key.pub');
  });
});

describe('the id of a machine', () => {
  const initrd = 'for part in say fetch state; do . "$common/usr/lib/ingot/initrd/$part.sh"; done';
  const id = 'rootmnt=$disk/root; ingot_machine_id; echo "$(cat "$rootmnt/etc/machine-id")"';
  const folders = 'mkdir -p "$disk/root/etc" "$disk/root/var/lib/ingot/state"';

  it('stays the same, and an incomplete id is replaced', () => {
    const ran = onSmallDisk(
      '1m',
      `${initrd}; ${folders}; echo abc >"$disk/root/var/lib/ingot/state/machine-id"; ${id}; ${id}`,
    );
    expect(ran.output).toMatch(/^([0-9a-f]{32})\n\1\n$/);
  });

  it('is complete even on a full disk, and no partial id is left there', () => {
    const full =
      'mount -t tmpfs -o size=4k tmpfs "$disk/root/var/lib/ingot/state"; echo x >"$disk/root/var/lib/ingot/state/x"';
    const ran = onSmallDisk(
      '1m',
      `${initrd}; ${folders}; ${full}; ${id}; ls "$disk/root/var/lib/ingot/state"`,
    );
    expect(ran.output).toMatch(/^[0-9a-f]{32}\nx\n$/);
    expect(tree.read('/console')).toContain('this machine gets a new id at each boot');
  });
});

it('cards that cloud-init configured with DHCP identify themselves by their hardware address; those with a static address are left alone', () => {
  tree.write('/run/10-cloud-init-ens3.network', '[Match]\nName=ens3\n\n[Network]\nDHCP=ipv4\n');
  tree.write('/run/10-cloud-init-cluster0.network', '[Match]\nName=x\n\n[Network]\nAddress=10.0.0.11/24\n');
  const done = spawnSync(join(common, 'usr/lib/ingot/dhcp-identity'), {
    env: { PATH: process.env['PATH'], INGOT_NETWORKD: join(tree.folder, 'run') },
  });
  expect(done.status).toBe(0);
  expect(tree.read('/run/10-cloud-init-ens3.network.d/20-ingot.conf')).toBe(
    '[DHCPv4]\nClientIdentifier=mac\n',
  );
  expect(tree.paths().filter((path) => path.includes('cluster0'))).toHaveLength(1);
});

describe('the report of a node', () => {
  /** Runs the report against a server of the test; returns the requests. */
  async function reports(healthy: boolean): Promise<URLSearchParams[]> {
    const asked: URLSearchParams[] = [];
    const server = createServer((request, reply) => {
      asked.push(new URL(request.url ?? '', 'http://h').searchParams);
      reply.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    tree.write(
      '/proc/cmdline',
      `boot=ingot ingot.version=20261125-a ingot.report=http://127.0.0.1:${port}/report\n`,
    );
    tree.write('/run/ingot/lease', 'ingot_mac=52:54:00:00:00:01\ningot_address=10.0.0.2\n');
    for (const check of ['system-running', 'units-active', 'root-verified']) {
      tree.write(
        `/usr/lib/ingot/check/${check}`,
        `#!/bin/sh\necho 'failed: zookeeper.service'\nexit ${healthy ? 0 : 1}\n`,
      );
      spawnSync('chmod', ['+x', join(tree.folder, 'usr/lib/ingot/check', check)]);
    }
    const report = spawn('/usr/bin/python3', [
      '-sEB',
      join(common, 'usr/lib/ingot/report'),
      `--root=${tree.folder}`,
      '--limit=0',
    ]);
    await new Promise((resolve) => report.on('close', resolve));
    server.close();
    return asked;
  }

  it('is "booted" if the node is healthy, and reports whether its state is in memory', async () => {
    tree.write('/run/ingot/diskless', 'no file system labelled ingot-data\n');
    const [asked] = await reports(true);
    expect(Object.fromEntries(asked ?? [])).toEqual({
      mac: '52:54:00:00:00:01',
      stage: 'booted',
      text: '20261125-a is healthy; state is kept in memory: no file system labelled ingot-data',
    });
  });

  it.each([
    ['a unit that failed', '/run/x', '', false, 'system-running: failed: zookeeper.service'],
    [
      'an identity that was refused',
      '/run/ingot/identity-failed',
      'there is no cluster seed\n',
      true,
      'there is no cluster seed',
    ],
    [
      'a full disk',
      '/run/ingot/state-full',
      'the state disk is full\n',
      true,
      'state: the state disk is full',
    ],
  ])('is "failed" with the reason: %s', async (_, path, content, healthy, says) => {
    tree.write(path, content);
    const [asked] = await reports(healthy);
    expect(asked?.get('stage')).toBe('failed');
    expect(asked?.get('text')).toContain(says);
  });

  it('is "failed" if the disk that the seed names was refused', async () => {
    tree.write('/run/ingot/diskless', 'the disk /dev/vdb holds xfs\n');
    tree.write('/run/ingot/data-named', 'disk /dev/vdb\n');
    const [asked] = await reports(true);
    expect(asked?.get('stage')).toBe('failed');
    expect(asked?.get('text')).toContain('state is kept in memory: the disk /dev/vdb holds xfs');
  });
});
