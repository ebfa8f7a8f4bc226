import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { Lock } from '../inputs/lock/lock.ts';
import { parseLock } from '../inputs/lock/lock-file.ts';
import { allRoles } from '../inputs/plan/plan.ts';

/** What a name on the command line led to. */
export type Found =
  | { readonly kind: 'version'; readonly named: string; readonly folder: string }
  | { readonly kind: 'lock'; readonly named: string; readonly lock: Lock };

const kindOf = async (path: string): Promise<'folder' | 'file' | undefined> =>
  stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => undefined,
  );

/** "slave/20261126-d072d7c8d977" of all versions in a store, for an error. */
async function versionsIn(out: string): Promise<string[]> {
  const all = allRoles.map(async (role) =>
    (await readdir(join(out, role)).catch(() => []))
      .filter((name) => /^(\d{8}-[0-9a-f]{12}|latest)$/.test(name))
      .map((name) => `${role}/${name}`),
  );
  return (await Promise.all(all)).flat();
}

/**
 * Finds what is to be compared: the folder of a version, a version of the store (slave/latest), or a lock file.
 * @param cwd absolute; paths are relative to it
 * @param out absolute folder of the store
 * @throws IngotError no-image that names the versions of the store
 */
export async function findSide(named: string, cwd: string, out: string): Promise<Found> {
  for (const path of [resolve(cwd, named), join(out, named)]) {
    const kind = await kindOf(path);
    if (kind === 'file') return { kind: 'lock', named, lock: parseLock(await readFile(path, 'utf8'), named) };
    if (kind === 'folder' && (await kindOf(join(path, 'manifest.json'))) === 'file')
      return { kind: 'version', named, folder: await realpath(path) };
  }
  const versions = await versionsIn(out);
  throw new IngotError({
    code: 'no-image',
    message: `${named} is no folder of a version, no version of the store ${out}, and no lock file`,
    excerpt: versions.length === 0 ? ['the store has no version'] : ['the store has', ...versions],
    hint: 'name one of them, or another store with --out FOLDER',
  });
}
