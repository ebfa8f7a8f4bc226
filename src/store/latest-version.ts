import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { isVersionName } from '../version/version-name.ts';
import { type StoredVersion, storedVersion } from './stored-version.ts';

/** The user's name for the newest version of a role, and the name of the link to it. */
export const latestName = 'latest';

/** Path of the link to the latest version of a role, to show or to replace it. Use latestVersion to read its target. */
export function latestPath(out: string, role: Role): string {
  return join(out, role, latestName);
}

/**
 * The version that the link "latest" of a role names, or what is wrong with the link. Both are missing in a store
 * without the link.
 */
export interface LatestLink {
  readonly latest?: StoredVersion;
  readonly problem?: string;
}

/**
 * Reads the link "latest" of a role. The link is used only if it names a version in the role's own folder.
 * @param out absolute path of the store
 */
export async function latestLink(out: string, role: Role): Promise<LatestLink> {
  const link = latestPath(out, role);
  const found = await lstat(link).catch(() => undefined);
  if (found === undefined) return {};
  if (!found.isSymbolicLink()) return { problem: `${link} is not a link to a version: it is not used` };
  const name = await readlink(link);
  if (!isVersionName(name))
    return {
      problem: `${link} leads to ${name}, which is not a version in ${join(out, role)}: it is not used`,
    };
  const latest = await storedVersion(out, role, name);
  return latest === undefined
    ? { problem: `${link} leads to ${name}, which does not exist: it is not used` }
    : { latest };
}

/**
 * Finds the latest version of a role.
 * @param out absolute path of the store
 * @returns undefined if the store has none, or its link "latest" is not usable
 */
export async function latestVersion(out: string, role: Role): Promise<StoredVersion | undefined> {
  return (await latestLink(out, role)).latest;
}

/**
 * Checks that the name of a role's link "latest" is free or a link.
 * @throws IngotError unusable-folder if a file or folder has that name, which would make publishing impossible
 */
export async function requireLatestLink(out: string, role: Role): Promise<void> {
  const link = latestPath(out, role);
  const found = await lstat(link).catch(() => undefined);
  if (found === undefined || found.isSymbolicLink()) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `${link} is a ${found.isDirectory() ? 'folder' : 'file'}, but a store has a link to its latest version there`,
    hint: 'move it away, or name another store with --out FOLDER',
  });
}
