import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../host/files-below.ts';
import { IngotError } from '../host/ingot-error.ts';
import { isOwnFolder } from '../host/own-folder.ts';
import { allRoles, isRole, type Role } from '../inputs/roles.ts';
import { type DevRecord, readDevRecord } from '../version/dev-version.ts';

/** The user's name for the development version of a role, and the name of the folder that has them. */
export const devName = 'dev';

/** The development version of a role, or what is left of one whose replacement was interrupted. */
export interface DevVersion {
  readonly role: Role;
  /** Absolute. */
  readonly folder: string;
  /** Size of its files. */
  readonly bytes: number;
  /** Whether it is only the rest of one that was replaced. */
  readonly rest: boolean;
}

/** Folder of the development version of a role: there is at most one. Absolute if the store's path is. */
export function devFolder(out: string, role: Role): string {
  return join(out, devName, role);
}

/** The role and process of a name that a version has while another one takes its place. */
function whileReplaced(name: string): { readonly role: Role; readonly pid: string } | undefined {
  const [, role, pid] = /^\.(\w+)\.replaced-(\d+)$/.exec(name) ?? [];
  return isRole(role) && pid !== undefined ? { role, pid } : undefined;
}

async function namesIn(out: string): Promise<readonly string[]> {
  return readdir(join(out, devName)).catch(() => []);
}

/** Puts back, or removes, the old version if the process that was replacing it was killed. */
async function recover(out: string): Promise<void> {
  for (const name of await namesIn(out)) {
    const replaced = whileReplaced(name);
    const folder = join(out, devName, name);
    if (replaced === undefined || existsSync(`/proc/${replaced.pid}`) || !(await isOwnFolder(folder)))
      continue;
    const target = devFolder(out, replaced.role);
    if (existsSync(target)) await rm(folder, { recursive: true });
    else await rename(folder, target);
  }
}

/**
 * The record of the development version of a role.
 * @returns undefined if there is none that can be used
 */
export async function devRecordOf(out: string, role: Role): Promise<DevRecord | undefined> {
  const record = await readDevRecord(devFolder(out, role));
  return record === undefined || record === 'damaged' || record.role !== role ? undefined : record;
}

/**
 * Finds the development version of a role.
 * @returns its folder
 * @throws IngotError no-image if there is none
 */
export async function requireDevVersion(out: string, role: Role): Promise<string> {
  if ((await devRecordOf(out, role)) !== undefined) return devFolder(out, role);
  throw new IngotError({
    code: 'no-image',
    message: `there is no development version of the ${role} in ${join(out, devName)}`,
    hint: `bake one: ingot bake SPEC --role ${role} --fast, or name another store with --out FOLDER`,
  });
}

/**
 * Checks that the folder of a role's development version is free, or is one.
 * @throws IngotError unusable-folder if something else is there, which a bake would replace
 */
export async function requireDevFolder(out: string, role: Role): Promise<void> {
  const folder = devFolder(out, role);
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return;
  if ((await isOwnFolder(folder)) && (await readDevRecord(folder)) !== undefined) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `${folder} is not a development version, and ingot bake --fast would replace it`,
    hint: 'move it away, or name another store with --out FOLDER',
  });
}

/**
 * Puts a finished development version in the place of the one before, by rename: at every time one of them is there
 * whole, or can be put back.
 * @param staged absolute folder on the store's file system, with its record
 * @returns the folder of the version
 */
export async function placeDevVersion(out: string, role: Role, staged: string): Promise<string> {
  await mkdir(join(out, devName), { recursive: true });
  await recover(out);
  const target = devFolder(out, role);
  const replaced = join(out, devName, `.${role}.replaced-${process.pid}`);
  if (existsSync(target)) await rename(target, replaced);
  await rename(staged, target);
  await rm(replaced, { recursive: true, force: true });
  return target;
}

async function bytesBelow(folder: string): Promise<number> {
  const found = await Promise.all((await filesBelow(folder)).map((name) => stat(join(folder, name))));
  // A raw disk has holes.
  return found.reduce((sum, { blocks }) => sum + blocks * 512, 0);
}

/** The development versions of a store, and what is left of others. Folders that ingot did not make are not listed. */
export async function devVersions(out: string): Promise<DevVersion[]> {
  const found: DevVersion[] = [];
  for (const name of await namesIn(out)) {
    const folder = join(out, devName, name);
    const replaced = whileReplaced(name);
    const role = allRoles.find((one) => one === name) ?? replaced?.role;
    if (role === undefined || !(await isOwnFolder(folder)) || (await readDevRecord(folder)) === undefined)
      continue;
    // What was not replaced after all is put back by the next bake.
    if (replaced !== undefined && (existsSync(`/proc/${replaced.pid}`) || !existsSync(devFolder(out, role))))
      continue;
    found.push({ role, folder, bytes: await bytesBelow(folder), rest: replaced !== undefined });
  }
  return found;
}

/** Removes a development version. Its folder is renamed first, so its name disappears at once. */
export async function removeDevVersion({ role, folder, rest }: DevVersion, out: string): Promise<void> {
  const removed = rest ? folder : join(out, devName, `.${role}.replaced-${process.pid}`);
  if (!rest) await rename(folder, removed);
  await rm(removed, { recursive: true, force: true });
}
