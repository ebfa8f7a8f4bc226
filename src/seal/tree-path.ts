import { lstat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';

/**
 * Turns a name of an archive ("./etc/hosts", "etc/ssl/") into a path from the root of a tree ("/etc/hosts"; "/" for the root itself).
 * Throws for names that are absolute, climb with "..", are not UTF-8, or hold a NUL.
 */
export function treePath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..') || name.includes('\0'))
    throw hostile(name, 'leads out of the tree');
  if (name.includes('\uFFFD')) throw hostile(name, 'is not UTF-8');
  return `/${parts.join('/')}`;
}

/** The place of `path` in `tree`, after making sure that every folder above it is a real folder there, and no link. */
export async function placeInTree(tree: string, path: string): Promise<string> {
  const parts = path.split('/').slice(1, -1);
  let folder = tree;
  for (const part of parts) {
    folder = join(folder, part);
    const found = await lstatOrNothing(folder);
    if (!found?.isDirectory()) {
      throw hostile(path, `goes through ${folder.slice(tree.length)}, which is no folder of the tree`);
    }
  }
  return join(tree, path);
}

/** lstat(2), or undefined where there is nothing. */
export async function lstatOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function hostile(name: string, why: string): IngotError {
  return new IngotError({
    code: 'command-failed',
    message: `The build guest exported the path ${JSON.stringify(name)}, which ${why}. Nothing was written through it.`,
    hint: 'A step of images/ may have replaced a folder by a link, or the guest is not what was composed.',
  });
}
