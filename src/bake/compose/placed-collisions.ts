import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { PlacedFile } from '../../inputs/plan/plan.ts';

async function lstatIfExists(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Describes what in the packages conflicts with a file; undefined if the file can be placed. */
async function collisionAt(tree: string, path: string): Promise<string | undefined> {
  const names = path.split('/').slice(1);
  for (let depth = 1; depth <= names.length; depth++) {
    const here = `/${names.slice(0, depth).join('/')}`;
    const found = await lstatIfExists(join(tree, here));
    if (found === undefined) return undefined;
    if (depth === names.length)
      return found.isDirectory()
        ? `is a folder of the packages; right: a file in it, such as ${path}/NAME`
        : undefined;
    if (found.isDirectory()) continue;
    if (!found.isSymbolicLink())
      return `is below ${here}, which is a file of the packages; right: another path`;
    // Through a link, the file would not be where the spec says; through an absolute link it would even be outside the
    // tree.
    const target = posix.resolve(posix.dirname(here), await readlink(join(tree, here)));
    const rest = names.slice(depth).join('/');
    return `is below ${here}, which the packages link to ${target}; right: ${posix.join(target, rest)}`;
  }
  return undefined;
}

/**
 * Checks that the files of a role can be placed into the tree of its packages, before any is.
 * @param tree absolute
 * @throws IngotError wrong-spec that names each file that collides with one of the packages, with its place in the spec
 */
export async function checkPlacedFiles(
  tree: string,
  files: readonly Pick<PlacedFile, 'path' | 'said'>[],
): Promise<void> {
  const wrong: string[] = [];
  for (const { path, said } of files) {
    const why = await collisionAt(tree, path);
    if (why !== undefined) wrong.push(`${said === undefined ? '' : `${said}: `}${path} ${why}`);
  }
  if (wrong.length > 0)
    throw new IngotError({
      code: 'wrong-spec',
      message: [
        'files of the spec collide with those of the packages:',
        ...wrong.map((line) => `  ${line}`),
      ].join('\n'),
      hint: 'Change files: in the spec, or the layer, then bake again: what is composed so far is in the cache.',
    });
}
