import { lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../../inputs/plan/plan.ts';
import { type CacheEntry, parseEntry } from './entry.ts';

function folderOf(cache: string, stage: string): string {
  return join(cache, 'stages', stage);
}

function entryPath(cache: string, { stage, key }: Pick<CacheEntry, 'stage' | 'key'>): string {
  return join(folderOf(cache, stage), `${key}.json`);
}

/** Returns the entry of a stage with this key; undefined if there is no readable one. */
export async function readEntry(cache: string, stage: string, key: string): Promise<CacheEntry | undefined> {
  const text = await readFile(entryPath(cache, { stage, key }), 'utf8').catch(() => undefined);
  const entry = text === undefined ? undefined : parseEntry(text);
  return entry?.stage === stage && entry.key === key ? entry : undefined;
}

/** Writes an entry atomically, by rename. Its objects must already exist. */
export async function writeEntry(cache: string, entry: CacheEntry): Promise<void> {
  const path = entryPath(cache, entry);
  const own = `${path}.${process.pid}`;
  await mkdir(folderOf(cache, entry.stage), { recursive: true });
  try {
    await writeFile(own, `${JSON.stringify(entry, null, 1)}\n`);
    await rename(own, path);
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes an entry from the cache. */
export async function dropEntry(cache: string, entry: Pick<CacheEntry, 'stage' | 'key'>): Promise<void> {
  await rm(entryPath(cache, entry), { force: true });
}

/** Records that an entry was used now (milliseconds since 1970). */
export async function touchEntry(
  cache: string,
  entry: Pick<CacheEntry, 'stage' | 'key'>,
  now: number,
): Promise<void> {
  // Another process may have dropped it.
  await utimes(entryPath(cache, entry), now / 1000, now / 1000).catch(() => undefined);
}

/** A file below stages/: an entry, one that is being written, or a leftover of a killed process. */
export interface StoredEntry {
  readonly path: string;
  /** Whether the file has the final name of an entry; until then it belongs to the process that writes it. */
  readonly inPlace: boolean;
  readonly stage: string;
  /** Bytes of the entry file itself. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** A key, plus the suffix of writeEntry while an entry is being written. */
const entryName = /^[0-9a-f]{64}\.json(\.\d+)?$/;

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}

/**
 * Lists the entries of some stages and the leftovers of killed processes. Skips foreign files and does not follow
 * links.
 */
export async function listEntries(cache: string, stages: readonly string[]): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  if (!(await isFolder(join(cache, 'stages')))) return found;
  for (const name of stages) {
    const folder = folderOf(cache, name);
    if (!(await isFolder(folder))) continue;
    for (const file of (await readdir(folder).catch(() => [])).filter((one) => entryName.test(one))) {
      const path = join(folder, file);
      const at = await lstat(path).catch(() => undefined);
      if (at?.isFile() === true)
        found.push({ path, inPlace: file.endsWith('.json'), stage: name, size: at.size, usedAt: at.mtimeMs });
    }
  }
  return found;
}

/** Returns the most recently used entry of a stage and role; undefined if there is none. */
export async function latestEntry(
  cache: string,
  stage: string,
  role: Role | null,
): Promise<CacheEntry | undefined> {
  const newestFirst = (await listEntries(cache, [stage]))
    .filter(({ inPlace }) => inPlace)
    .sort((a, b) => b.usedAt - a.usedAt);
  for (const { path } of newestFirst) {
    const entry = parseEntry(await readFile(path, 'utf8').catch(() => ''));
    if (entry?.role === role) return entry;
  }
  return undefined;
}
