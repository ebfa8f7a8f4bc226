import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { Role } from '../inputs/plan/plan.ts';

/** Whether a name is that of a version: the date of its packages and 12 digits of its manifest's digest. */
export const isVersionName = (name: string): boolean => /^\d{8}-[0-9a-f]{12}$/.test(name);

/** The version that "latest" of a role names, or what is wrong with it; nothing at all in a store without one. */
export interface LatestLink {
  readonly version?: string;
  readonly problem?: string;
}

/**
 * Reads the link "latest" of a role. It counts only where it names a version in the role's own folder.
 * @param out absolute path of the store
 */
export async function latestLink(out: string, role: Role): Promise<LatestLink> {
  const link = join(out, role, 'latest');
  const found = await lstat(link).catch(() => undefined);
  if (found === undefined) return {};
  if (!found.isSymbolicLink()) return { problem: `${link} is no link to a version: it is not used` };
  const version = await readlink(link);
  if (!isVersionName(version))
    return {
      problem: `${link} leads to ${version}, which is no version in ${join(out, role)}: it is not used`,
    };
  const folder = await lstat(join(out, role, version)).catch(() => undefined);
  if (folder?.isDirectory() !== true)
    return { problem: `${link} leads to ${version}, which is not there: it is not used` };
  return { version };
}

/** @throws IngotError unusable-folder where something else has the name of a role's link "latest", so that nothing could be published */
export async function requireLatestLink(out: string, role: Role): Promise<void> {
  const link = join(out, role, 'latest');
  const found = await lstat(link).catch(() => undefined);
  if (found === undefined || found.isSymbolicLink()) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `${link} is a ${found.isDirectory() ? 'folder' : 'file'}, and a store has a link to its latest version there`,
    hint: 'move it away, or name another store with --out FOLDER',
  });
}
