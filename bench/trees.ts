import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Bench } from './bench.ts';

/**
 * Unpacks so many packages of the lock into a tree of the workshop, the same again below further folders when the lock has fewer.
 * @returns absolute path of the tree
 */
export async function unpackedTree(bench: Bench, packages: number): Promise<string> {
  const { workshop } = bench;
  const tree = workshop.path(`tree-${packages}`);
  if (existsSync(tree)) return tree;
  const debs = await workshop.debs(undefined);
  const wanted = Array.from({ length: packages }, (_, index) => ({
    path: debs[index % debs.length]?.path ?? '',
    copy: `${tree}/${Math.floor(index / debs.length)}`,
  }));
  for (const copy of new Set(wanted.map((one) => one.copy))) await mkdir(copy, { recursive: true });
  await workshop.host.run('xargs', ['-0', '-n', '2', '-P', String(cpus().length), 'dpkg-deb', '--extract'], {
    input: wanted.map(({ path, copy }) => `${path}\0${copy}\0`).join(''),
    signal: workshop.signal,
  });
  return tree;
}

export async function removeTree(tree: string): Promise<void> {
  await rm(tree, { recursive: true, force: true });
}
