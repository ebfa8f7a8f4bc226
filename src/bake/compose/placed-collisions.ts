import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { PlacedFile } from '../../inputs/plan/plan.ts';

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

/** What of the packages is in the way of a file, for people; undefined if it can be put there. */
async function inTheWay(tree: string, path: string): Promise<string | undefined> {
  const names = path.split('/').slice(1);
  for (let depth = 1; depth <= names.length; depth++) {
    const here = `/${names.slice(0, depth).join('/')}`;
    const found = await lstatIfThere(join(tree, here));
    if (found === undefined) return undefined;
    if (depth === names.length)
      return found.isDirectory()
        ? `is a folder of the packages; right: a file in it, such as ${path}/NAME`
        : undefined;
    if (found.isDirectory()) continue;
    if (!found.isSymbolicLink())
      return `is below ${here}, which is a file of the packages; right: another path`;
    // Through a link the file would be elsewhere than the spec says, at an absolute one even outside of the tree.
    const target = posix.resolve(posix.dirname(here), await readlink(join(tree, here)));
    const rest = names.slice(depth).join('/');
    return `is below ${here}, which the packages link to ${target}; right: ${posix.join(target, rest)}`;
  }
  return undefined;
}

/**
 * Looks whether the files of a role can be put into the tree of its packages, before anything is.
 * @param tree absolute
 * @throws IngotError wrong-spec that names each file which collides with one of the packages, with its place in the spec
 */
export async function checkPlacedFiles(tree: string, files: readonly PlacedFile[]): Promise<void> {
  const wrong: string[] = [];
  for (const { path, said } of files) {
    const why = await inTheWay(tree, path);
    if (why !== undefined) wrong.push(`${said === undefined ? '' : `${said}: `}${path} ${why}`);
  }
  if (wrong.length > 0)
    throw new IngotError({
      code: 'wrong-spec',
      message: [
        'files of the spec collide with those of the packages:',
        ...wrong.map((line) => `  ${line}`),
      ].join('\n'),
      hint: 'Change files: in the spec, then bake again: what is composed so far is in the cache.',
    });
}
