import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesBelow } from '../host/files-below.ts';
import { isOwnFolder } from '../host/own-folder.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { rehearsalsFolder } from '../version/rehearsal/rehearsals.ts';
import { isVersionName } from '../version/version-name.ts';
import { latestLink } from './latest-version.ts';
import { versionRecord } from './stored-version.ts';

/** A version of the store that is to go, or what is left of one that was being removed. */
export interface OldVersion {
  readonly role: Role;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  /** What its files take; those that the cache has as well are freed when both are gone. */
  readonly bytes: number;
}

export interface FoundVersions {
  readonly old: readonly OldVersion[];
  /** Why each of the other folders that have the name of a version is left alone, and what is wrong with a link "latest". */
  readonly left: readonly string[];
}

/** What is written into a version's folder after its record was. */
const later = ['SHA256SUMS.dsse'];

/** Reads the name of a version's folder while a process removes it; undefined for any other name. */
function whileRemoved(name: string): { readonly version: string; readonly pid: string } | undefined {
  const [, version = '', pid = ''] = /^(.+)\.removed-(\d+)$/.exec(name) ?? [];
  return isVersionName(version) ? { version, pid } : undefined;
}

/** When a version was published last, milliseconds since 1970: its records are written then. */
async function publishedAt(folder: string): Promise<number> {
  for (const path of [versionRecord(folder, 'stages'), versionRecord(folder, 'programs'), folder]) {
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

/** The names of a version's files by the record beside its folder; undefined where that cannot be read. */
async function recordedFiles(folder: string): Promise<string[] | undefined> {
  try {
    const record = JSON.parse(await readFile(versionRecord(folder, 'stages'), 'utf8')) as {
      readonly format?: unknown;
      readonly files?: readonly { readonly name?: unknown }[];
    };
    if (record.format !== 1 || record.files === undefined) return undefined;
    return record.files.map(({ name }) => String(name));
  } catch {
    return undefined;
  }
}

/** Why a folder with the name of a version may not be removed; undefined if a bake published it as it is. */
async function whyForeign(folder: string): Promise<string | undefined> {
  if (!(await isOwnFolder(folder))) return 'it is a link, or belongs to somebody else';
  const recorded = await recordedFiles(folder);
  if (recorded === undefined) return 'no bake has left a record of it';
  const present = await filesBelow(folder);
  const lacking = recorded.filter((name) => !present.includes(name));
  if (lacking.length > 0) return `it lacks ${lacking.join(', ')}`;
  const more = present.filter((name) => !recorded.includes(name) && !later.includes(name));
  return more.length === 0 ? undefined : `it holds ${more.join(', ')}, which is no part of the version`;
}

/** What is left of versions that were being removed when the process was killed. */
async function halfRemoved(out: string, role: Role, names: readonly string[]): Promise<OldVersion[]> {
  const found: OldVersion[] = [];
  for (const name of names) {
    const removed = whileRemoved(name);
    const folder = join(out, role, name);
    if (removed === undefined || existsSync(`/proc/${removed.pid}`) || !(await isOwnFolder(folder))) continue;
    found.push({ role, version: removed.version, folder, bytes: await bytesBelow(folder) });
  }
  return found;
}

/**
 * The versions of a store beyond the newest of each role, never the one that "latest" names; only folders that bakes published, whole and
 * with nothing else in them.
 * @param out absolute path of the store
 * @param keep how many of each role stay, at least one
 */
export async function oldVersions(out: string, keep: number): Promise<FoundVersions> {
  const old: OldVersion[] = [];
  const left: string[] = [];
  for (const role of allRoles) {
    const names = await readdir(join(out, role)).catch(() => []);
    const { latest, problem } = await latestLink(out, role);
    if (problem !== undefined) left.push(problem);
    const dated: { version: string; at: number }[] = [];
    for (const version of names.filter(isVersionName)) {
      const folder = join(out, role, version);
      const why = await whyForeign(folder);
      if (why === undefined || version === latest?.version)
        dated.push({ version, at: await publishedAt(folder) });
      else left.push(`${folder} is left alone: ${why}`);
    }
    const newestFirst = dated.toSorted(
      (a, b) => Number(b.version === latest?.version) - Number(a.version === latest?.version) || b.at - a.at,
    );
    for (const { version } of newestFirst.slice(Math.max(1, keep))) {
      const folder = join(out, role, version);
      old.push({ role, version, folder, bytes: await bytesBelow(folder) });
    }
    old.push(...(await halfRemoved(out, role, names)));
  }
  return { old, left };
}

/** Takes a version out of the store with its records; its name goes at once, by rename. One that another process takes is its affair. */
export async function removeVersion({ folder }: OldVersion): Promise<void> {
  if (whileRemoved(basename(folder)) !== undefined) {
    await rm(folder, { recursive: true, force: true });
    return;
  }
  const gone = `${folder}.removed-${process.pid}`;
  try {
    await rename(folder, gone);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(gone, { recursive: true });
  for (const kind of ['programs', 'stages'] as const) await rm(versionRecord(folder, kind), { force: true });
  await rm(rehearsalsFolder(folder), { recursive: true, force: true });
}
