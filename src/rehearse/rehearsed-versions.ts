import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { IngotError } from '../host/ingot-error.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { isVersionName } from '../store/version-name.ts';

/** A version that a rehearsal boots or upgrades to. */
export interface RehearsedVersion {
  /** Absolute, no link. */
  readonly folder: string;
  readonly version: string;
  readonly rootHash: string;
}

export type RehearsedVersions = Readonly<Record<Role, RehearsedVersion>>;

const bootSchema = z.object({ role: z.string(), version: z.string(), rootHash: z.string() });

const noImage = (role: Role, out: string): IngotError =>
  new IngotError({
    code: 'no-image',
    message: `there is no ${role} image in ${out}`,
    hint: 'bake one, or name another store with --out FOLDER',
  });

/**
 * The version in a folder.
 * @throws IngotError no-image where there is none of the role
 */
async function versionAt(folder: string, role: Role, missing: () => IngotError): Promise<RehearsedVersion> {
  const file = join(folder, 'boot.json');
  if (!existsSync(file)) throw missing();
  const parsed = bootSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success)
    throw new IngotError({ code: 'not-a-version', message: `${file} does not describe a version` });
  const { version, rootHash } = parsed.data;
  if (parsed.data.role !== role)
    throw new IngotError({
      code: 'wrong-usage',
      message: `${folder} is a ${parsed.data.role}, and was named as a ${role}`,
    });
  return { folder: await realpath(folder), version, rootHash };
}

/** The latest versions of a store. */
export async function latestVersions(out: string): Promise<RehearsedVersions> {
  const [master, slave] = await Promise.all(
    allRoles.map((role) => versionAt(join(out, role, 'latest'), role, () => noImage(role, out))),
  );
  if (master === undefined || slave === undefined) throw new Error('two roles have two versions');
  return { master, slave };
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
 * The versions that a person names with --from or --to.
 * @param text "latest" (those of the store), the folder of a store (its latest), the name of a version of the store, or "master=X,slave=Y", each X the name of a
 *   version of the store or the folder of one; a role that is not named is the latest
 * @param out absolute folder of the store
 * @throws IngotError no-image for what names no version
 */
export async function namedVersions(text: string, out: string, cwd: string): Promise<RehearsedVersions> {
  if (text === 'latest') return latestVersions(out);
  const folder = resolve(cwd, text);
  if (!text.includes('=') && (await stat(folder).catch(() => undefined))?.isDirectory() === true)
    return latestVersions(folder);
  const owner = allRoles.find((role) => isVersionName(text) && existsSync(join(out, role, text)));
  if (!text.includes('=') && owner === undefined)
    throw new IngotError({
      code: 'no-image',
      message: `${text} is neither a version of ${out} nor the folder of a store`,
      hint: 'name versions as master=VERSION,slave=VERSION, the folder of a store, or latest',
    });
  const named = owner === undefined ? perRole(text) : new Map([[owner, text]]);
  const [master, slave] = await Promise.all(
    allRoles.map((role) => {
      const value = named.get(role) ?? 'latest';
      const inStore = value === 'latest' || isVersionName(value);
      const place = inStore ? join(out, role, value) : resolve(cwd, value);
      return versionAt(
        place,
        role,
        () =>
          new IngotError({
            code: 'no-image',
            message: `there is no ${role} version ${value}${inStore ? ` in ${out}` : ''}`,
            hint: 'ingot bake makes versions; ls OUT/ROLE lists those of a store',
          }),
      );
    }),
  );
  if (master === undefined || slave === undefined) throw new Error('two roles have two versions');
  return { master, slave };
}
