import { readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../host/files-below.ts';
import { allRoles, type Role } from '../plan/plan.ts';

/** A version of the store that is to go. */
export interface OldVersion {
  readonly role: Role;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  /** What its files take; those that the cache has as well are freed when both are gone. */
  readonly bytes: number;
}

const isVersion = (name: string): boolean => /^\d{8}-[0-9a-f]{12}$/.test(name);

/** When a version was published last, milliseconds since 1970: its records are written then. */
async function publishedAt(folder: string): Promise<number> {
  for (const path of [`${folder}.stages.json`, `${folder}.programs.json`, folder]) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) return found.mtimeMs;
  }
  return 0;
}

async function bytesBelow(folder: string): Promise<number> {
  const found = await Promise.all((await filesBelow(folder)).map((name) => stat(join(folder, name))));
  // A file with several names takes its room once.
  const sizes = new Map(found.map(({ ino, size }) => [ino, size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * The versions of a store beyond the newest of each role, never the one that "latest" names.
 * @param out absolute path of the store
 * @param keep how many of each role stay, at least one
 */
export async function oldVersions(out: string, keep: number): Promise<OldVersion[]> {
  const old: OldVersion[] = [];
  for (const role of allRoles) {
    const names = (await readdir(join(out, role)).catch(() => [])).filter(isVersion);
    const latest = await readlink(join(out, role, 'latest')).catch(() => undefined);
    const dated = await Promise.all(
      names.map(async (version) => ({ version, at: await publishedAt(join(out, role, version)) })),
    );
    const newestFirst = dated.toSorted(
      (a, b) => Number(b.version === latest) - Number(a.version === latest) || b.at - a.at,
    );
    for (const { version } of newestFirst.slice(Math.max(1, keep))) {
      const folder = join(out, role, version);
      old.push({ role, version, folder, bytes: await bytesBelow(folder) });
    }
  }
  return old;
}

/** Takes a version out of the store with its records; its name goes at once, by rename. */
export async function removeVersion({ folder }: OldVersion): Promise<void> {
  const gone = `${folder}.removed-${process.pid}`;
  await rename(folder, gone);
  await rm(gone, { recursive: true });
  for (const record of ['programs', 'stages']) await rm(`${folder}.${record}.json`, { force: true });
}
