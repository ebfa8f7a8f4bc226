import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { Lock } from '../inputs/lock/lock.ts';
import { parseLock } from '../inputs/lock/lock-file.ts';
import { noImageText } from '../store/require-version.ts';
import { storedVersions } from '../store/stored-version.ts';

/** The version or lock that a name on the command line refers to. */
export type NamedSide =
  | { readonly kind: 'version'; readonly named: string; readonly folder: string }
  | { readonly kind: 'lock'; readonly named: string; readonly lock: Lock };

const kindOf = async (path: string): Promise<'folder' | 'file' | undefined> =>
  stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => undefined,
  );

/** "slave/20261126-d072d7c8d977" for all versions in a store, for an error. */
const versionsIn = async (out: string): Promise<string[]> =>
  (await storedVersions(out)).map(({ role, version }) => `${role}/${version}`);

/**
 * Finds what is to be compared: the folder of a version, a version of the store (slave/latest), or a lock file.
 * @param cwd absolute folder; paths are relative to it
 * @param out absolute folder of the store
 * @throws IngotError no-image that names the versions of the store
 */
export async function findSide(named: string, cwd: string, out: string): Promise<NamedSide> {
  for (const path of [resolve(cwd, named), join(out, named)]) {
    const kind = await kindOf(path);
    if (kind === 'file') return { kind: 'lock', named, lock: parseLock(await readFile(path, 'utf8'), named) };
    if (kind === 'folder' && (await kindOf(join(path, 'manifest.json'))) === 'file')
      return { kind: 'version', named, folder: await realpath(path) };
  }
  const versions = await versionsIn(out);
  throw new IngotError({
    code: 'no-image',
    message: `${named} is not the folder of a version, not a version of the store ${out}, and not a lock file`,
    excerpt: versions.length === 0 ? [noImageText({ out })] : ['the store has', ...versions],
    hint: 'name one of them, or another store with --out FOLDER',
  });
}
