import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { World } from '../world.ts';

/** Whether a path that a user named is a folder. */
export function isFolder({ cwd }: Pick<World, 'cwd'>, path: string): boolean {
  return statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The absolute folder of a version that a user named, links resolved.
 * @throws IngotError not-a-version for a path that does not exist, or that is not a folder
 */
export async function namedVersionFolder(world: World, named: string): Promise<string> {
  const hint = 'name the folder of a version, e.g. out/master/latest';
  const folder = await realpath(resolve(world.cwd, named)).catch((cause: unknown) => {
    throw new IngotError({ code: 'not-a-version', message: `${named} does not exist`, hint, cause });
  });
  if (!isFolder(world, folder))
    throw new IngotError({ code: 'not-a-version', message: `${named} is not a folder`, hint });
  return folder;
}
