import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { refuseDevVersion } from '../version/dev-version.ts';
import { requireBootRecord } from '../version/read-boot-record.ts';
import { isVersionName } from '../version/version-name.ts';
import { latestName } from './latest-version.ts';
import { findVersion, noImage, requireVersion } from './require-version.ts';

/** A version that nodes boot or are upgraded to. */
export interface NamedVersion {
  /** Absolute path with all links resolved. */
  readonly folder: string;
  readonly version: string;
  /** dm-verity root hash, hexadecimal. */
  readonly rootHash: string;
}

/** A version of each role. */
export type NamedVersions = Readonly<Record<Role, NamedVersion>>;

/**
 * Reads the version in a folder.
 * @throws IngotError no-image if the folder is not a version, or is one of another role; not-publishable for a development
 *   version
 */
async function versionAt(named: string, role: Role): Promise<NamedVersion> {
  const folder = await realpath(named).catch(() => named);
  await refuseDevVersion(folder);
  const boot = await requireBootRecord(folder);
  if (boot.role !== role)
    throw new IngotError({
      code: 'no-image',
      message: `${folder} is a ${boot.role}, and was named as a ${role}`,
    });
  return { folder, version: boot.version, rootHash: boot.rootHash };
}

async function ofEachRole(find: (role: Role) => Promise<NamedVersion>): Promise<NamedVersions> {
  // One after the other, so that the error for an empty store is always that of the master.
  return { master: await find('master'), slave: await find('slave') };
}

/**
 * Finds the latest version of each role.
 * @param out absolute path of the store
 * @throws IngotError no-image if the store has no version of a role
 */
export async function latestVersions(out: string): Promise<NamedVersions> {
  return ofEachRole(async (role) => versionAt((await requireVersion(out, role)).folder, role));
}

function perRole(text: string): Map<Role, string> {
  return new Map(
    text.split(',').map((word) => {
      const [name, value] = [
        word.slice(0, word.indexOf('=')).trim(),
        word.slice(word.indexOf('=') + 1).trim(),
      ];
      const role = allRoles.find((one) => one === name);
      if (role === undefined || value === '')
        throw new IngotError({
          code: 'wrong-usage',
          message: `${word} is not ROLE=VERSION`,
          hint: 'name both versions, e.g. master=20261128-bd1db15a18e7,slave=20261128-ce720dbc9002, or the folder of a store',
        });
      return [role, value] as const;
    }),
  );
}

/**
 * Finds the versions that a user names with --from or --to.
 * @param text "latest" (those of the store), the folder of a store (its latest), the name of a version of the store, or
 *   "master=X,slave=Y", where each X is the name of a version of the store or the folder of a version; a role that is
 *   not named gets its latest
 * @param out absolute folder of the store
 * @throws IngotError no-image for a text that does not name a version
 */
export async function namedVersions(text: string, out: string, cwd: string): Promise<NamedVersions> {
  if (text === latestName) return latestVersions(out);
  const folder = resolve(cwd, text);
  if (!text.includes('=') && (await stat(folder).catch(() => undefined))?.isDirectory() === true)
    return latestVersions(folder);
  const owners = await Promise.all(allRoles.map((role) => findVersion(out, role, text)));
  const owner = owners.find((one) => one !== undefined)?.role;
  if (!text.includes('=') && owner === undefined)
    throw new IngotError({
      code: 'no-image',
      message: `${text} is neither a version of ${out} nor the folder of a store`,
      hint: `name versions as master=VERSION,slave=VERSION, the folder of a store, or ${latestName}`,
    });
  const named = owner === undefined ? perRole(text) : new Map([[owner, text]]);
  return ofEachRole(async (role) => {
    const name = named.get(role) ?? latestName;
    if (name === latestName) return versionAt((await requireVersion(out, role)).folder, role);
    if (!isVersionName(name)) return versionAt(resolve(cwd, name), role);
    const found = await findVersion(out, role, name);
    if (found === undefined)
      throw noImage({ out, role, version: name, hint: `ls ${out}/${role} lists the versions of the store` });
    return versionAt(found.folder, role);
  });
}
