import { readFile, rm } from 'node:fs/promises';
import { listEntries, type StoredEntry } from './entries.ts';
import { type CachedFile, parseEntry } from './entry.ts';
import { listObjects, type StoredFile } from './objects.ts';

export interface GarbageRequest {
  /** Absolute folder of a cache. */
  readonly folder: string;
  /** The names of the stages that the cache may have entries of; other folders are not touched. */
  readonly stages: readonly string[];
  /** The size limit of entries and objects together, in bytes. */
  readonly maxBytes: number;
  /** Only report what would be removed. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a collection removed, or would remove; sizes in bytes. */
export interface Garbage {
  readonly entries: number;
  readonly objects: number;
  readonly freedBytes: number;
  readonly leftBytes: number;
}

/** An object that no entry refers to may belong to a bake that is about to write its entry. */
const graceMs = 3_600_000;

interface Known extends StoredEntry {
  readonly files: readonly CachedFile[];
}

/** Readable entries, and files that are not entries. */
async function readEntries({
  folder,
  stages,
}: GarbageRequest): Promise<{ known: Known[]; others: StoredEntry[] }> {
  const known: Known[] = [];
  const others: StoredEntry[] = [];
  for (const stored of await listEntries(folder, stages)) {
    const entry = stored.inPlace
      ? parseEntry(await readFile(stored.path, 'utf8').catch(() => ''))
      : undefined;
    if (entry === undefined) others.push(stored);
    else known.push({ ...stored, files: entry.files });
  }
  return { known, others };
}

/** The size of entries in bytes; an object that several of them share counts once. */
function sizeOf(entries: readonly Known[], objects: ReadonlyMap<string, StoredFile>): number {
  const named = new Set(entries.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  const own = entries.reduce((sum, { size }) => sum + size, 0);
  return [...named].reduce((sum, sha256) => sum + (objects.get(sha256)?.size ?? 0), own);
}

/** The entries to keep: the most recently used ones that together fit into the limit. */
function staying(
  known: readonly Known[],
  objects: ReadonlyMap<string, StoredFile>,
  maxBytes: number,
): Known[] {
  const left = known.toSorted((a, b) => a.usedAt - b.usedAt);
  while (left.length > 0 && sizeOf(left, objects) > maxBytes) left.shift();
  return left;
}

/**
 * Keeps a cache within its size limit: removes the least recently used entries, then the objects that no entry refers
 * to. Bakes may use the cache meanwhile: they keep what they have taken, and build what is no longer there.
 */
export async function collectGarbage(request: GarbageRequest): Promise<Garbage> {
  const { folder, maxBytes, dryRun, now } = request;
  // Objects first: an object that is added later belongs to an entry that is not read here.
  const objects = new Map((await listObjects(folder)).map((file) => [file.name, file]));
  const { known, others } = await readEntries(request);
  const left = staying(known, objects, maxBytes);
  const named = new Set(known.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  const stillNamed = new Set(left.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  const goneEntries = [
    ...known.filter((entry) => !left.includes(entry)),
    ...others.filter(({ usedAt }) => usedAt < now - graceMs),
  ];
  const goneObjects = [...objects.values()].filter(({ name, changedAt }) =>
    stillNamed.has(name) ? false : named.has(name) || changedAt < now - graceMs,
  );
  if (!dryRun) for (const { path } of [...goneEntries, ...goneObjects]) await rm(path, { force: true });
  const freedBytes = [...goneEntries, ...goneObjects].reduce((sum, { size }) => sum + size, 0);
  const all = [...objects.values(), ...known, ...others].reduce((sum, { size }) => sum + size, 0);
  return {
    entries: goneEntries.length,
    objects: goneObjects.length,
    freedBytes,
    leftBytes: all - freedBytes,
  };
}
