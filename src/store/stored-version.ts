import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { isVersionName } from '../version/version-name.ts';

/** A version of a store. */
export interface StoredVersion {
  readonly role: Role;
  /** Name of the version. */
  readonly version: string;
  /** Absolute if the store's path is absolute; a folder, not a link. */
  readonly folder: string;
}

/** Path of a version in a store; absolute if the store's path is absolute. */
export function versionFolder(out: string, role: Role, version: string): string {
  return join(out, role, version);
}

/**
 * Finds a version of a store by its name.
 * @param out absolute path of the store
 * @returns undefined for a text that is not a version's name, and if the store has no such folder
 */
export async function storedVersion(
  out: string,
  role: Role,
  version: string,
): Promise<StoredVersion | undefined> {
  if (!isVersionName(version)) return undefined;
  const folder = versionFolder(out, role, version);
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true ? { role, version, folder } : undefined;
}

/**
 * Lists all versions of both roles in a store, the oldest of each role first.
 * @param out absolute path of the store; a store that does not exist has none
 */
export async function storedVersions(out: string): Promise<StoredVersion[]> {
  const all = allRoles.map(async (role) => {
    const names = await readdir(join(out, role)).catch(() => []);
    return Promise.all(names.sort().map((name) => storedVersion(out, role, name)));
  });
  return (await Promise.all(all)).flat().filter((one) => one !== undefined);
}

/** Path of the file next to a version's folder that records what the version was made from, or how long it took. */
export function versionRecord(folder: string, kind: 'programs' | 'stages' | 'bake'): string {
  return `${folder}.${kind}.json`;
}

/** Path of the report of a version, which people open. It is next to the version's folder, which is sealed. */
export function versionReport(folder: string): string {
  return `${folder}.report.html`;
}
