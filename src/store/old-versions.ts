import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesBelow } from '../host/files-below.ts';
import { isOwnFolder } from '../host/own-folder.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { rehearsalsFolder } from '../version/rehearsal/rehearsals.ts';
import { signaturesFolder } from '../version/sigstore/write-sigstore.ts';
import { isVersionName } from '../version/version-name.ts';
import { latestLink } from './latest-version.ts';
import { versionRecord, versionReport } from './stored-version.ts';

/** A version of the store to remove, or the rest of one whose removal was interrupted. */
export interface OldVersion {
  readonly role: Role;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  /** Size of its files. Space that is shared with the cache is freed only when both copies are removed. */
  readonly bytes: number;
}

export interface FoundVersions {
  readonly old: readonly OldVersion[];
  /** Why each of the other folders with a version's name is left alone, and what is wrong with a link "latest". */
  readonly left: readonly string[];
}

/** Files that are written to a version's folder after its record. */
const later = ['SHA256SUMS.dsse'];

/** Parses the name that a version's folder has during its removal; undefined for any other name. */
function whileRemoved(name: string): { readonly version: string; readonly pid: string } | undefined {
  const [, version = '', pid = ''] = /^(.+)\.removed-(\d+)$/.exec(name) ?? [];
  return isVersionName(version) ? { version, pid } : undefined;
}

/** When a version was last published, in milliseconds since 1970. Its records are written at that time. */
async function publishedAt(folder: string): Promise<number> {
  for (const path of [versionRecord(folder, 'stages'), versionRecord(folder, 'programs'), folder]) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) return found.mtimeMs;
  }
  return 0;
}

async function bytesBelow(folder: string): Promise<number> {
  const found = await Promise.all((await filesBelow(folder)).map((name) => stat(join(folder, name))));
  // A file with several names uses its space once.
  const sizes = new Map(found.map(({ ino, size }) => [ino, size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** The names of a version's files, from the record next to its folder; undefined if the record cannot be read. */
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

/** Why a folder with a version's name must not be removed; undefined if a bake published it and it is unchanged. */
async function whyForeign(folder: string): Promise<string | undefined> {
  if (!(await isOwnFolder(folder))) return 'it is a link, or belongs to somebody else';
  const recorded = await recordedFiles(folder);
  if (recorded === undefined) return 'no bake recorded it';
  const present = await filesBelow(folder);
  const missing = recorded.filter((name) => !present.includes(name));
  if (missing.length > 0) return `it lacks ${missing.join(', ')}`;
  const more = present.filter((name) => !recorded.includes(name) && !later.includes(name));
  return more.length === 0 ? undefined : `it holds ${more.join(', ')}, which is not part of the version`;
}

/** The rest of versions whose removal was interrupted because the process was killed. */
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

/** What stays in a store besides the newest versions of each role. */
export interface SparedVersions {
  /** Versions that were published at this time or later stay; milliseconds since 1970. */
  readonly since?: number;
  /** "ROLE/VERSION" of versions that something names → what names it, as a sentence without a full stop. */
  readonly named?: ReadonlyMap<string, string>;
}

/**
 * Finds the versions of a store that are older than the newest `keep` of each role. The version that "latest" names is
 * never among them, nor one that is spared. Only folders count that a bake published and that are complete, with
 * nothing else in them.
 * @param out absolute path of the store
 * @param keep how many versions of each role stay, at least one
 */
export async function oldVersions(
  out: string,
  keep: number,
  { since = Infinity, named = new Map() }: SparedVersions = {},
): Promise<FoundVersions> {
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
    for (const { version, at } of newestFirst.slice(Math.max(1, keep))) {
      const folder = join(out, role, version);
      const why = named.get(`${role}/${version}`);
      if (why !== undefined) left.push(`${folder} is kept: ${why}`);
      if (why !== undefined || at >= since) continue;
      old.push({ role, version, folder, bytes: await bytesBelow(folder) });
    }
    old.push(...(await halfRemoved(out, role, names)));
  }
  return { old, left };
}

/**
 * Removes a version and its records from the store. The folder is renamed first, so its name disappears at once. Does
 * nothing if another process has already renamed it.
 */
export async function removeVersion({ folder }: OldVersion): Promise<void> {
  if (whileRemoved(basename(folder)) !== undefined) {
    await rm(folder, { recursive: true, force: true });
    return;
  }
  const removed = `${folder}.removed-${process.pid}`;
  try {
    await rename(folder, removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(removed, { recursive: true });
  for (const kind of ['programs', 'stages', 'bake'] as const)
    await rm(versionRecord(folder, kind), { force: true });
  await rm(versionReport(folder), { force: true });
  await rm(rehearsalsFolder(folder), { recursive: true, force: true });
  await rm(signaturesFolder(folder), { recursive: true, force: true });
}
