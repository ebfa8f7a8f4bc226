import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeTree } from '../../unit/images/node-tree.ts';
import { runInitrd } from '../../unit/images/run-initrd.ts';

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
});
afterEach(() => {
  tree.remove();
});

const initrd = (text: string, ...args: readonly string[]): string => runInitrd(tree, text, ...args);

const memory = (mib: number): void => {
  tree.write('/cmdline', 'boot=ingot\n');
  tree.write('/meminfo', `MemTotal:       ${mib * 1024} kB\nMemFree: 1 kB\n`);
};

it('a machine with too little memory is refused, with its memory and the memory that the role needs', () => {
  memory(469);
  initrd('ingot_check_memory 900');
  expect(tree.read('/console')).toBe(
    'ingot: refusing to boot: this machine has 469 MiB of memory; the role needs 900 MiB\n',
  );
});

it('a machine with 1024 MiB, part of which the kernel reserves, runs a role that needs 1024 MiB', () => {
  memory(973);
  expect(initrd('ingot_check_memory 1024; echo goes on')).toBe('goes on\n');
  expect(tree.paths()).not.toContain('/console');
});

it('an argument of the kernel command line is found by its full name', () => {
  tree.write('/cmdline', 'boot=ingot ingot.fetch=http://h/a=b ingot.fetched=no xingot.slot=z ingot.slot=b\n');
  expect(initrd('ingot_argument fetch; ingot_argument slot; ingot_argument memory')).toBe(
    'http://h/a=b\nb\n',
  );
});

it.each([
  ['01-52-54-00-AA-BB-CC', '52:54:00:aa:bb:cc'],
  ['52-54-00-aa-bb-cc', '52:54:00:aa:bb:cc'],
  ['01-01-02-03-04-05-06', '01:02:03:04:05:06'],
  ['', ''],
])('the card of BOOTIF=%s has the address %s', (bootif, address) => {
  expect(initrd('ingot_bootif_mac "$1"', bootif)).toBe(`${address}\n`);
});

it('a lease is requested only on cards with a device, and only on the card that the machine booted from', () => {
  tree.write('/net/lo/address', '00:00:00:00:00:00\n');
  tree.write('/net/eth0/address', '52:54:00:00:00:01\n');
  tree.write('/net/eth0/device/vendor', '');
  tree.write('/net/eth1/address', '52:54:00:00:00:02\n');
  tree.write('/net/eth1/device/vendor', '');
  expect(initrd('ingot_cards ""')).toBe('eth0\neth1\n');
  expect(initrd('ingot_cards "$1"', '52:54:00:00:00:02')).toBe('eth1\n');
});

it('stages are recorded with the seconds since the kernel started', () => {
  initrd('ingot_mark drivers; ingot_mark root');
  expect(tree.read('/marks')).toMatch(/^drivers \d+\.\d+\nroot \d+\.\d+\n$/);
});

it('any ASCII text arrives unchanged in a report', () => {
  const ascii = fc.string({
    unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
  });
  fc.assert(
    fc.property(ascii, (text) => {
      const encoded = initrd('ingot_url_text "$1"', text).replace(/\n$/, '');
      expect(encoded).toMatch(/^[A-Za-z0-9._~%-]*$/);
      expect(decodeURIComponent(encoded)).toBe(text);
    }),
    { numRuns: 40 },
  );
});

it('a refusal opens no shell: without panic=SECONDS on the kernel command line the machine restarts after 30 s', () => {
  tree.write('/cmdline', 'boot=ingot\n');
  const said = 'panic() { echo "$panic: $*"; exit 9; }; ingot_refuse "no disk"';
  expect(initrd(`panic=; ${said}`)).toBe('30: ingot: refusing to boot: no disk\n');
  expect(initrd(`panic=5; ${said}`)).toBe('5: ingot: refusing to boot: no disk\n');
});

describe('endless data from a server', () => {
  /** Fetches a file from a server that sends the given number of bytes. */
  const fetched = (name: string, size: number, sends: number): string => {
    tree.write('/cmdline', 'boot=ingot\n');
    tree.write('/bin/wget', `#!/bin/sh\nexec head -c ${sends} /dev/zero >"$4"\n`);
    chmodSync(join(tree.folder, 'bin/wget'), 0o755);
    const watch = 'ingot_watch_transfer() { :; }';
    initrd(
      `PATH=${tree.folder}/bin:$PATH; ${watch}; ingot_fetch_file http://h/${name} ${tree.folder}/${name} ${size} 2>/dev/null`,
    );
    return tree.read('/console');
  };

  it.each([
    ['user-data', 4 << 20],
    ['root.verity', 64 << 20],
  ])('instead of a %s is refused at its size limit', (name, limit) => {
    const console = fetched(name, 0, 200_000_000);
    expect(console).toBe(
      `ingot: refusing to boot: http://h/${name} has more than ${limit} bytes: it is not a ${name}\n`,
    );
    expect(statSync(join(tree.folder, name)).size).toBeLessThanOrEqual(limit + 512);
  });

  it('instead of a root is cut at the size in its hash tree', () => {
    expect(fetched('root.squashfs', 409_600, 200_000_000)).toContain('fetched root.squashfs');
    expect(statSync(join(tree.folder, 'root.squashfs')).size).toBeLessThanOrEqual(409_600 + 512);
  });

  it('is not refused if the file has exactly the size limit', () => {
    expect(fetched('user-data', 0, 4 << 20)).toContain('fetched user-data: 4194304 bytes');
  });
});

describe('a medium of a BMC', () => {
  const device = (name: string, label: string): void => {
    tree.write(`/class-block/${name}/size`, '1\n');
    const file = join(tree.folder, 'dev', name);
    tree.write(`/dev/${name}`, '');
    execFileSync('mkfs.vfat', ['-C', '-n', label, `${file}.made`, '1024'], { stdio: 'ignore' });
    renameSync(`${file}.made`, file);
  };

  it('is found by the label of its file system, on a CD or on a disk, and no other device is', () => {
    device('sda', 'OTHER');
    device('sr0', 'INGOT-1');
    expect(initrd('ingot_device_labelled INGOT-1')).toBe(`${tree.folder}/dev/sr0\n`);
    expect(initrd('ingot_device_labelled INGOT-2 || echo none')).toBe('none\n');
    expect(initrd('ingot_seed_medium; echo nothing')).toBe('nothing\n');
    device('sdb', 'CIDATA');
    expect(initrd('ingot_seed_medium')).toBe(`${tree.folder}/dev/sdb\n`);
  });

  it('that is not attached is waited for and then refused, with what to do', () => {
    tree.write('/cmdline', 'boot=ingot ingot.medium=INGOT-1\n');
    initrd('modprobe() { :; }; mkdir() { :; }; sleep() { :; }; ingot_golden_from_medium INGOT-1 00ff');
    expect(tree.read('/console')).toBe(
      'ingot: refusing to boot: no medium labelled INGOT-1 appeared within 120 s; is the ISO of this image still attached?\n',
    );
  });

  it('whose root is wrong is read twice and then refused; nothing of it is mounted', () => {
    tree.write('/cmdline', 'boot=ingot ingot.medium=INGOT-1\n');
    const doubles = [
      'modprobe() { :; }; mkdir() { :; }; umount() { :; }; ingot_mount_golden() { echo mounted; }',
      'mount() { echo "mount $*"; }; ingot_wait_for_medium() { device=/dev/sr0; }',
      'ingot_copy_golden() { echo copied; }; ingot_prove() { return 1; }',
    ];
    const said = initrd(`${doubles.join('\n')}\ningot_golden_from_medium INGOT-1 00ff`);
    expect(said).toBe(
      'mount -t iso9660 -o ro,nodev,nosuid,noexec /dev/sr0 /run/ingot/medium\ncopied\ncopied\n',
    );
    expect(tree.read('/console')).toContain(
      'refusing to boot: the root on /dev/sr0 does not have the root hash 00ff',
    );
  });
});
