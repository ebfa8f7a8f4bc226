import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { NodeTree } from './node-tree.ts';

const parts = fileURLToPath(new URL('../../../node-tools/initrd', import.meta.url));

/**
 * Runs shell text with the functions of the initrd on files of the tree and returns its output; panic ends it, like a
 * boot.
 */
export function runInitrd(tree: NodeTree, text: string, ...args: readonly string[]): string {
  const names = ['say', 'command-line', 'network', 'fetch', 'golden', 'medium', 'seed', 'data-disk', 'state'];
  const sourced = names.map((part) => `. ${parts}/${part}.sh`);
  const script = ['panic() { exit 9; }', ...sourced, text].join('\n');
  const done = spawnSync('/bin/sh', ['-c', script, 'initrd', ...args], {
    encoding: 'utf8',
    env: {
      PATH: `/usr/sbin:/sbin:${process.env['PATH'] ?? ''}`,
      LC_ALL: 'C',
      INGOT_MARKS: join(tree.folder, 'marks'),
      INGOT_CONSOLE: join(tree.folder, 'console'),
      INGOT_CMDLINE: join(tree.folder, 'cmdline'),
      INGOT_MEMINFO: join(tree.folder, 'meminfo'),
      INGOT_SYS_NET: join(tree.folder, 'net'),
      INGOT_SYS_BLOCK: join(tree.folder, 'block'),
      INGOT_CLASS_BLOCK: join(tree.folder, 'class-block'),
      INGOT_DEV: join(tree.folder, 'dev'),
      INGOT_USER_DATA: join(tree.folder, 'user-data'),
      INGOT_RUN: tree.folder,
      INGOT_MKE2FS: 'mke2fs',
    },
  });
  expect(done.stderr).toBe('');
  return done.stdout;
}
