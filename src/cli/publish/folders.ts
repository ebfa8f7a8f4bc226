import { resolve } from 'node:path';
import { allRoles } from '../../inputs/plan/plan.ts';
import { requireVersion } from '../../store/require-version.ts';
import { namedVersionFolder } from '../shared/folder-of.ts';
import type { World } from '../world.ts';

/**
 * The version folders that the user named, otherwise the latest of both roles.
 * @throws IngotError no-image if the store lacks one; not-a-version for a path that is not a folder
 */
export async function versionFoldersOf(
  world: World,
  { folders, out }: { readonly folders: readonly string[]; readonly out: string },
): Promise<string[]> {
  if (folders.length > 0) return Promise.all(folders.map((named) => namedVersionFolder(world, named)));
  const store = resolve(world.cwd, out);
  const why = { hint: 'bake one, name another store with --out FOLDER, or name the folders to publish' };
  const found: string[] = [];
  for (const role of allRoles) found.push((await requireVersion(store, role, why)).folder);
  return found;
}
