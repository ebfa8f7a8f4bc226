import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Bench } from './bench.ts';

/**
 * Unpacks a number of packages of the lock into a tree of the workspace. If the lock has fewer, it unpacks the same
 * ones
 * again below further folders.
 * @returns absolute path of the tree
 */
export async function unpackedTree(bench: Bench, packages: number): Promise<string> {
  const { workspace } = bench;
  const tree = workspace.path(`tree-${packages}`);
  if (existsSync(tree)) return tree;
  const debs = await workspace.debs(undefined);
  const wanted = Array.from({ length: packages }, (_, index) => ({
    path: debs[index % debs.length]?.path ?? '',
    copy: `${tree}/${Math.floor(index / debs.length)}`,
  }));
  for (const copy of new Set(wanted.map((one) => one.copy))) await mkdir(copy, { recursive: true });
  await workspace.host.run('xargs', ['-0', '-n', '2', '-P', String(cpus().length), 'dpkg-deb', '--extract'], {
    input: wanted.map(({ path, copy }) => `${path}\0${copy}\0`).join(''),
    signal: workspace.signal,
  });
  return tree;
}

export async function removeTree(tree: string): Promise<void> {
  await rm(tree, { recursive: true, force: true });
}
