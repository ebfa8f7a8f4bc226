import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { renderNodeSeed } from '../../../src/render/render-node-seed.ts';
import { NodeTree } from '../../unit/images/node-tree.ts';
import { runInitrd } from '../../unit/images/run-initrd.ts';

const MiB = 1024 * 1024;
const size = 300 * MiB;

let tree: NodeTree;
let disk: string;
beforeEach(() => {
  tree = new NodeTree();
  disk = join(tree.folder, 'disk');
  blank();
});
afterEach(() => {
  tree.remove();
});

/** Makes the disk a sparse file without content. */
function blank(bytes = size): void {
  tree.write('/disk', '');
  truncateSync(disk, bytes);
}

function write(at: number, bytes: Uint8Array): void {
  const file = openSync(disk, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

const make = (program: string, ...args: string[]): void => {
  expect(spawnSync(program, [...args, disk], { encoding: 'utf8' })).toMatchObject({ status: 0 });
};

const digest = (): string => createHash('sha256').update(readFileSync(disk)).digest('hex');

/** What the initrd reports about the disk; "taken" if it is used for this node's data. */
const claim = (format = 'if-blank'): string =>
  runInitrd(tree, 'ingot_claim_disk "$1" "$2" && echo taken; true', disk, format).trim();

describe('a disk that the seed names', () => {
  it('is formatted if it is blank and the seed allows it, and is used unchanged afterwards', () => {
    expect(claim()).toBe('taken');
    expect(tree.read('/console')).toContain(`formatting ${disk}: it is blank (${size} bytes)`);
    expect(spawnSync('blkid', ['-p', disk], { encoding: 'utf8' }).stdout).toMatch(
      /LABEL="ingot-data".* TYPE="ext4"/,
    );
    const formatted = digest();
    expect(claim()).toBe('taken');
    expect(digest()).toBe(formatted);
  });

  it('is not formatted if the seed does not allow it', () => {
    expect(claim('')).toContain('the seed does not allow formatting it (format: if-blank)');
    expect(digest()).toBe(createHash('sha256').update(Buffer.alloc(size)).digest('hex'));
  });

  it('is refused if it is too small', () => {
    blank(255 * MiB);
    expect(claim()).toContain('data needs at least 256 MiB');
  });

  it.each<[string, () => void, string]>([
    ['another file system', () => { make('mke2fs', '-q', '-t', 'ext4', '-L', 'photos'); }, 'ext4 labelled photos'], // prettier-ignore
    [
      'FAT with our label',
      () => {
        make('mkfs.vfat', '-n', 'ingot-data');
      },
      'vfat labelled ingot-data',
    ],
    [
      'a partition table',
      () => {
        make('sgdisk', '--new=1:2048:+64M');
      },
      'a partition table (gpt)',
    ],
    [
      'swap',
      () => {
        make('mkswap');
      },
      'swap',
    ],
    ['one byte at the beginning', () => { write(0, Uint8Array.of(1)); }, 'data of an unknown kind'], // prettier-ignore
    [
      'one byte in the first MiB',
      () => {
        write(MiB - 1, Uint8Array.of(1));
      },
      'data of an unknown kind',
    ],
    [
      'one byte in the last MiB',
      () => {
        write(size - MiB, Uint8Array.of(1));
      },
      'data of an unknown kind',
    ],
    [
      'one byte at the end',
      () => {
        write(size - 1, Uint8Array.of(255));
      },
      'data of an unknown kind',
    ],
    ['data only in the middle', () => { write(100 * MiB, Buffer.alloc(8 * MiB, 'x')); }, 'data of an unknown kind'], // prettier-ignore
  ])('is refused and not changed if it holds %s', (_, fill, says) => {
    fill();
    const before = digest();
    expect(claim()).toContain(`that the seed names holds ${says}`);
    expect(claim()).toContain('nothing on it was changed');
    expect(digest()).toBe(before);
  });
});

describe('the part of the seed that the initrd reads', () => {
  const read = (): string =>
    runInitrd(
      tree,
      'ingot_read_seed; printf "label=%s\\ndisk=%s\\nformat=%s\\n" "$seed_label" "$seed_disk" "$seed_format"',
    );

  it('has the disk or label that the seed was rendered from', async () => {
    const templates = await loadTemplates(join(import.meta.dirname, '..', '..', '..', 'templates'));
    const disks = fc.stringMatching(/^\/dev\/[A-Za-z0-9/:._+@-]{1,40}$/);
    const labels = fc.stringMatching(/^[A-Za-z0-9._-]{1,16}$/);
    const data = fc.oneof(
      fc.record({ disk: disks, format: fc.constantFrom('if-blank' as const, 'never' as const) }),
      fc.record({ label: labels, format: fc.constant('never' as const) }),
    );
    fc.assert(
      fc.property(data, (given) => {
        const [userData] = renderNodeSeed(templates, {
          ...{ cluster: 'demo', masters: ['10.0.0.11'], operatorKeys: ['ssh-ed25519 AAAA a "data":{b}'] },
          ...{ data: given, network: null },
        });
        tree.write('/user-data', userData?.content ?? '');
        expect(read()).toBe(
          'label' in given
            ? `label=${given.label}\ndisk=\nformat=\n`
            : `label=\ndisk=${given.disk}\nformat=${given.format}\n`,
        );
      }),
      { numRuns: 25 },
    );
  });

  it('may be plain JSON on many lines in the seed', () => {
    tree.write(
      '/user-data',
      `#cloud-config\nwrite_files:\n  - path: /etc/ingot/cluster.json\n    content: |\n      {\n        "version": 1,\n        "data": {\n          "disk": "/dev/vdb"\n        }\n      }\n`,
    );
    expect(read()).toBe('label=\ndisk=/dev/vdb\nformat=\n');
  });

  it.each([
    ['no seed', ''],
    ['no disk', '#cloud-config\nwrite_files: [{content: "{\\"version\\":1,\\"cluster\\":\\"demo\\"}"}]\n'],
    [
      'one in another file of the seed',
      '#cloud-config\nwrite_files: [{content: "{\\"version\\":1,\\"cluster\\":\\"demo\\"}"}]\n  - path: /etc/x\n    content: "\\"data\\":{\\"disk\\":\\"/dev/vdb\\"}"\n',
    ],
    [
      'one in the name of a key',
      '#cloud-config\nwrite_files: [{content: "{\\"version\\":1,\\"cluster\\":\\"demo\\"}"}]\nusers: [{k: "\\"data\\":{\\"disk\\":\\"/dev/vdb\\"}"}]\n',
    ],
    [
      'code that a shell would run',
      '"version":1,"cluster":"demo","data":{"disk":"/dev/$(reboot)","label":"a b;c"}',
    ],
  ])('is empty for %s', (_, userData) => {
    if (userData !== '') tree.write('/user-data', userData);
    expect(read()).toMatch(/^label=(ab;c)?\ndisk=\nformat=\n$/);
  });

  it.each([
    ['boot=ingot ds=nocloud-net;s=http://10.0.0.2/seed/ panic=30', 'http://10.0.0.2/seed/\n'],
    ['ds=nocloud;h=x;seedfrom=http://h/', 'http://h/\n'],
    ['ds=nocloud-net;s=https://h/', ''],
    ['ds=nocloud-net;s=http://h/__dmi.system-uuid__/', ''],
    ['ds=nocloud;s=/seed/ boot=ingot', ''],
    ['boot=ingot', ''],
  ])('comes from the address of the kernel command line: %s', (commandLine, url) => {
    tree.write('/cmdline', `${commandLine}\n`);
    expect(runInitrd(tree, 'ingot_seed_url')).toBe(url);
  });
});

describe('a seed that names a disk', () => {
  const named = '{"version":1,"cluster":"demo","data":{"disk":"/dev/vdb"}}';
  /** The disk that the initrd reads, after the root's own verifier has run; the root is the tree. */
  const read = (): string =>
    runInitrd(
      tree,
      `rootmnt=${tree.folder}; chroot() { "$1$2"; }; ingot_believe_seed; echo "$seed_disk"`,
    ).trim();
  function verifier(text: string): void {
    tree.write('/usr/lib/ingot/seed-judge', `#!/bin/sh\ncat >"${tree.folder}/judged"\n${text}\n`);
    chmodSync(join(tree.folder, 'usr/lib/ingot/seed-judge'), 0o755);
  }
  beforeEach(() => {
    tree.write('/user-data', named);
    tree.write('/usr/lib/ingot/seed-keys/release.pem', 'a key');
  });

  it('is used if the root trusts it, and the verifier gets all of it', () => {
    verifier('exit 0');
    expect(read()).toBe('/dev/vdb');
    expect(tree.read('/judged')).toBe(named);
  });

  it('is discarded if the root does not trust it, and the console shows why', () => {
    verifier('echo the seed is not signed; exit 1');
    expect(read()).toBe('');
    expect(tree.read('/console')).toContain(
      'the disk that the seed names is not used: the seed is not signed',
    );
  });

  it('is discarded if there is no verifier', () => {
    expect(read()).toBe('');
  });

  it('is used without a check by a root without seed keys', () => {
    rmSync(join(tree.folder, 'usr/lib/ingot/seed-keys/release.pem'));
    expect(read()).toBe('/dev/vdb');
  });
});
