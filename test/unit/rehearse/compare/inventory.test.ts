import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Inventory, parseNodeInventory } from '../../../../src/rehearse/compare/inventory.ts';
import { rejection } from '../../../samples/temporary.ts';
import { NodeTree } from '../../images/node-tree.ts';

const program = join(import.meta.dirname, '../../../../templates/rehearse/inventory.py');

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write('/run/ingot/address', '10.77.0.31\n');
  tree.write('/etc/hostname', 'demo-slave-10-77-0-31\n');
  tree.write('/etc/machine-id', '0123456789abcdef0123456789abcdef\n');
  tree.write('/sys/class/net/cluster0/address', '52:54:00:77:00:1f\n');
  tree.write('/proc/cmdline', 'ingot.version=20261127-aaaaaaaaaaaa ingot.roothash=abcd ro\n');
});
afterEach(() => {
  tree.remove();
});

function taken(): Inventory {
  const ran = spawnSync('/usr/bin/python3', ['-sEB', program, `--root=${tree.folder}`], { encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  return parseNodeInventory(ran.stdout);
}

describe('the inventory of a node', () => {
  it('has the root hash and shows if it is not enforced', () => {
    expect(taken().get('root roothash')?.is).toBe('abcd');
    expect(taken().get('root enforced by dm-verity')?.is).toBe('NO');
    tree.write('/sys/block/dm-0/dm/name', 'ingot-root\n');
    tree.write('/sys/block/dm-0/dm/uuid', 'CRYPT-VERITY-x\n');
    expect(taken().get('root enforced by dm-verity')?.is).toBe('yes');
  });

  it('removes what is the node’s own from what it compares, including from names', () => {
    tree.write('/run/ingot/overlay/upper/etc/hosts', '10.77.0.31 demo-slave-10-77-0-31\n10.77.0.3 other\n');
    tree.write('/var/lib/ingot/state/x/0123456789abcdef0123456789abcdef/log', 'one');
    const first = taken();
    tree.write('/run/ingot/address', '10.77.0.32\n');
    tree.write('/etc/hostname', 'demo-slave-10-77-0-32\n');
    tree.write('/run/ingot/overlay/upper/etc/hosts', '10.77.0.32 demo-slave-10-77-0-32\n10.77.0.3 other\n');
    const second = taken();
    const hosts = 'above the root /etc/hosts';
    expect(first.get(hosts)?.is).not.toBe(second.get(hosts)?.is);
    expect(first.get(hosts)?.own).toBe(second.get(hosts)?.own);
    expect([...first.keys()]).toContain('state /var/lib/ingot/state/x/@MACHINE@/log');
  });

  it('removes the ids of the agent and of the boot from names, and random ids of systemd', () => {
    tree.write('/proc/sys/kernel/random/boot_id', '7b5e2979-2ea4-4fa9-b865-ea6f5e38ae49\n');
    tree.write('/var/lib/mesos/meta/slaves/4549daa6-48bf-S1/slave.info', '');
    symlinkSync('4549daa6-48bf-S1', join(tree.folder, '/var/lib/mesos/meta/slaves/latest'));
    tree.write('/var/lib/ingot/state/mesos/meta/slaves/4549daa6-48bf-S1/slave.info', 'x');
    tree.write(
      '/run/ingot/overlay/upper/tmp/systemd-private-7b5e29792ea44fa9b865ea6f5e38ae49-a.service-EqP7Z0/x',
      '',
    );
    const names = [...taken().keys()];
    expect(names).toContain('state /var/lib/ingot/state/mesos/meta/slaves/@AGENT@/slave.info');
    expect(names).toContain('above the root /tmp/systemd-private-@BOOT@-a.service-@RANDOM@/x');
  });

  it('lists the services that run, but not those that a timer starts for a moment', () => {
    for (const name of ['docker', 'systemd-tmpfiles-clean', 'idle'])
      tree.write(
        `/sys/fs/cgroup/systemd/system.slice/${name}.service/cgroup.procs`,
        name === 'idle' ? '' : '100\n',
      );
    tree.write('/usr/lib/systemd/system/systemd-tmpfiles-clean.timer', '[Timer]\n');
    expect([...taken().keys()].filter((name) => name.startsWith('runs '))).toEqual(['runs docker.service']);
  });

  it('does not mistake a longer address for its own', () => {
    tree.write('/run/ingot/overlay/upper/etc/a', '10.77.0.31');
    const own = taken().get('above the root /etc/a')?.own;
    tree.write('/run/ingot/overlay/upper/etc/a', '10.77.0.311');
    expect(taken().get('above the root /etc/a')?.own).not.toBe(own);
  });

  it('has content, mode and kind of every file, and no times', () => {
    const path = '/run/ingot/overlay/upper/etc/a';
    const fact = () => taken().get('above the root /etc/a')?.is;
    tree.write(path, 'one');
    const before = fact();
    spawnSync('touch', ['-d', '2001-01-01', join(tree.folder, path)]);
    expect(fact()).toBe(before);
    spawnSync('chmod', ['0600', join(tree.folder, path)]);
    expect(fact()).not.toBe(before);
    tree.write(path, 'two');
    spawnSync('chmod', ['0644', join(tree.folder, path)]);
    expect(fact()).not.toBe(before);
    symlinkSync('target', join(tree.folder, '/run/ingot/overlay/upper/etc/link'));
    expect(taken().get('above the root /etc/link')?.is).toMatch(/^lrwxrwxrwx 0:0 target$/);
  });

  it('lists listeners, but not connections', () => {
    const head = '  sl  local_address rem_address   st\n';
    const line = (address: string, state: string) =>
      `   0: ${address} 00000000:0000 ${state} 0:0 0:0 0 0 0 1\n`;
    tree.write('/proc/net/tcp', head + line('1F004D0A:13BB', '0A') + line('1F004D0A:1234', '01'));
    const listens = [...taken().keys()].filter((what) => what.startsWith('listens'));
    expect(listens).toEqual(['listens tcp @ADDRESS@ 5051']);
  });

  it('that contains an invalid line is refused', async () => {
    const error = await rejection(Promise.resolve().then(() => parseNodeInventory('Traceback\n')));
    expect(error.excerpt).toEqual(['Traceback']);
  });
});
