import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodePrograms } from '../../unit/images/node-programs.ts';
import { NodeTree } from '../../unit/images/node-tree.ts';

const common = nodePrograms('common');

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
});
afterEach(() => {
  tree.remove();
});

describe('the data partition', () => {
  /** Runs state-grow on a disk of 9,000,000 sectors whose third partition ends there or earlier; returns the calls. */
  function grows(source: string, end: number): string {
    tree.write('/block/size', '9000000\n');
    tree.write('/block/vda3/partition', '3\n');
    tree.write('/block/vda3/start', '1000\n');
    tree.write('/block/vda3/size', `${end - 1000}\n`);
    tree.write('/run/state-source', `${source}\n`);
    for (const name of ['sfdisk', 'partx', 'resize2fs']) {
      tree.write(`/bin/${name}`, `#!/bin/sh\necho "${name} $*"\n`);
      chmodSync(join(tree.folder, 'bin', name), 0o755);
    }
    const done = spawnSync(join(common, 'usr/lib/ingot/state-grow'), {
      encoding: 'utf8',
      env: {
        PATH: `${join(tree.folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        ...{ INGOT_RUN: join(tree.folder, 'run'), INGOT_SYS_BLOCK: join(tree.folder, 'block') },
        INGOT_CONSOLE: join(tree.folder, 'console'),
      },
    });
    expect(done.stderr).not.toContain('could not');
    return done.stdout;
  }

  it('grows to the end of a disk that is larger, and then its file system', () => {
    expect(grows('/dev/vda3', 8_000_000)).toBe(
      'sfdisk --quiet --no-reread --no-tell-kernel -N 3 /dev/block\npartx --update --nr 3 /dev/block\nresize2fs /dev/vda3\n',
    );
  });

  it('that ends with its disk is not changed, but its file system may still have to grow', () => {
    expect(grows('/dev/vda3', 8_999_000)).toBe('resize2fs /dev/vda3\n');
  });

  it('is left alone if state is in memory', () => {
    expect(grows('ingot-state', 8_000_000)).toBe('');
  });
});

describe('the folders of state', () => {
  /** Runs state-prepare after a mount, in a mount namespace of its own; returns what it said and did. */
  function prepared(mounted: string): string {
    const script = `mount -t tmpfs run /run; mount -t tmpfs lib /var/lib; mkdir -p /var/lib/ingot/state; ${mounted}
      "$1"; echo "exit $?"; cat /run/ingot/state-source /run/ingot/diskless 2>/dev/null; findmnt -no SOURCE /var/lib/ingot/state`;
    const program = join(common, 'usr/lib/ingot/state-prepare');
    const done = spawnSync('unshare', ['--mount', 'sh', '-c', script, 'sh', program], { encoding: 'utf8' });
    return `${done.stdout}${done.stderr}`;
  }

  it('are on what the initrd has mounted', () => {
    const said = prepared('mount -t tmpfs /dev/vda3 /var/lib/ingot/state');
    expect(said).toMatch(/^exit 0\n\/dev\/vda3\n\/dev\/vda3\n/);
  });

  it('are in memory if it has mounted nothing, with a warning', () => {
    const said = prepared(':');
    expect(said).toMatch(/^exit 0\ningot-state\nno state was mounted\ningot-state\n/);
    expect(said).toContain('<4>ingot-state: no state is mounted');
  });
});
